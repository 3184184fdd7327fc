"""One module (or package) per kind of fact; each a pure function from a document to candidates with evidence."""
