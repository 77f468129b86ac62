package dev.scuttlebutt;

/** What became of a message before the lock was taken. */
sealed interface Vetted permits Verified, Rejected {}
