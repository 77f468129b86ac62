/** Replicated data structures that need no master. */
module dev.scuttlebutt {
    requires static transitive org.jspecify;

    exports dev.scuttlebutt;
    exports dev.scuttlebutt.journal;
    exports dev.scuttlebutt.json;
    exports dev.scuttlebutt.link;
    exports dev.scuttlebutt.security;
    exports dev.scuttlebutt.types;
    exports dev.scuttlebutt.types.crdt;
    exports dev.scuttlebutt.types.position;
    exports dev.scuttlebutt.wire;
}
