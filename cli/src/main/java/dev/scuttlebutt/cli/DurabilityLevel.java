package dev.scuttlebutt.cli;

import dev.scuttlebutt.journal.Durability;
import java.time.Duration;

/** When the disk is forced, as {@code --durability} says it. */
enum DurabilityLevel {
    /** When the system likes. */
    none(Durability.none()),
    /** Each second. */
    interval(Durability.interval(Duration.ofSeconds(1))),
    /** Before anything is acknowledged. */
    update(Durability.everyUpdate());

    private final Durability durability;

    DurabilityLevel(Durability durability) {
        this.durability = durability;
    }

    Durability durability() {
        return durability;
    }
}
