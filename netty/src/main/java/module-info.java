/** Links over TCP, on the event loops of Netty. */
module dev.scuttlebutt.netty {
    requires transitive dev.scuttlebutt;
    requires transitive io.netty.transport;
    requires transitive io.netty.buffer;
    requires io.netty.common;
    requires io.netty.handler;
    requires jdk.net;

    exports dev.scuttlebutt.netty;
}
