package dev.scuttlebutt.store;

import java.io.IOException;

/** The document was deleted, which is for ever. */
public final class DocumentDeletedException extends IOException {
    private static final long serialVersionUID = 1;

    private final String document;

    DocumentDeletedException(String document) {
        super("document \"" + document + "\" was deleted; a name that was deleted cannot be used again");
        this.document = document;
    }

    /** Returns the name of the document. */
    public String document() {
        return document;
    }
}
