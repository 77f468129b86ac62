package dev.scuttlebutt.bench;

/** What became of a goal. */
public enum Verdict {
    /** Reached. */
    MET("met"),
    /** Not reached. */
    MISSED("missed"),
    /** There is no goal, or what it compares with was not measured. */
    OPEN("");

    private final String word;

    Verdict(String word) {
        this.word = word;
    }

    /** Returns a word for the table; empty when there is nothing to say. */
    public String word() {
        return word;
    }
}
