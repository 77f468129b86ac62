/** Many documents for many peers: WebSocket, TCP, HTTP, and a web page. */
module dev.scuttlebutt.hub {
    requires transitive dev.scuttlebutt;
    requires transitive dev.scuttlebutt.netty;
    requires transitive dev.scuttlebutt.store;
    requires io.netty.codec;
    requires io.netty.codec.http;
    requires io.netty.common;
    requires io.netty.handler;
    requires java.net.http;
    requires micrometer.core;
    requires micrometer.registry.prometheus;
    requires org.slf4j;

    exports dev.scuttlebutt.hub;
}
