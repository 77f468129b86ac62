package dev.scuttlebutt.testkit;

/** What went over the links of a simulation. */
final class Traffic {
    long handshakes;
    long updates;
    long syncs;
    long bytes;
    long delivered;
    long links;
    long cuts;
    long crashes;
    long writes;
    long checks;
}
