/** Links over TCP and WebSocket, on the event loops of Netty. */
module dev.scuttlebutt.netty {
    requires transitive dev.scuttlebutt;
    requires transitive io.netty.transport;
    requires transitive io.netty.buffer;
    requires io.netty.codec;
    requires io.netty.codec.http;
    requires io.netty.common;
    requires transitive io.netty.handler;
    requires jdk.net;

    exports dev.scuttlebutt.netty;
}
