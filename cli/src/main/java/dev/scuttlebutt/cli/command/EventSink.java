package dev.scuttlebutt.cli.command;

import dev.scuttlebutt.json.Json;

/** Where events go that are to be shown. */
@FunctionalInterface
public interface EventSink {
    /**
     * Shows an event.
     *
     * @param name as in JavaScript, where it has one
     * @param data what the listener gets in JavaScript: an array if that are several arguments, {@link Json#NULL} if none
     */
    void show(String name, Json data);
}
