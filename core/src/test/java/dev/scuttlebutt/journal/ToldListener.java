package dev.scuttlebutt.journal;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what a journal tells of its troubles: their messages, and "recovered". */
final class ToldListener implements JournalListener {
    final List<String> told = new CopyOnWriteArrayList<>();

    @Override
    public void failed(IOException failure) {
        told.add(failure.getMessage());
    }

    @Override
    public void recovered() {
        told.add("recovered");
    }
}
