package dev.scuttlebutt.testkit;

/** Something that must not happen happened in a simulation. */
final class Violation extends AssertionError {
    private static final long serialVersionUID = 1;

    Violation(String message) {
        super(message);
    }
}
