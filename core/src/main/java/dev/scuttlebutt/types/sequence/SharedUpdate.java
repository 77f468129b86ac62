package dev.scuttlebutt.types.sequence;

import dev.scuttlebutt.Update;

/** An update that wrote several keys, and of how many it is still the winner. */
final class SharedUpdate {
    final Update update;
    int keys;

    SharedUpdate(Update update) {
        this.update = update;
    }
}
