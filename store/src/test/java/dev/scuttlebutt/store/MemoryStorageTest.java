package dev.scuttlebutt.store;

final class MemoryStorageTest extends StorageContract {
    @Override
    Storage open() {
        return new MemoryStorage();
    }

    @Override
    void reopen() {
        // It lives as long as the object does.
    }
}
