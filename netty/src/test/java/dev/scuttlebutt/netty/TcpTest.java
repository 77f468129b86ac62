package dev.scuttlebutt.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.scuttlebutt.types.Model;
import org.junit.jupiter.api.Test;

class TcpTest {

    @Test
    void connected_replicas_exchangeBothWays() throws Exception {
        Model here = new Model();
        Model there = new Model();
        here.set("a", 1);
        there.set("b", 2);
        try (TcpServer server = TcpServer.listen(here, "127.0.0.1", 0);
                TcpClient client = TcpClient.connect(there, server.address(), LinkOptions.defaults())) {
            await().until(() ->
                    here.clock().equals(there.clock()) && here.history().size() == 2);
            here.set("c", 3);
            await().until(() -> there.has("c"));
            assertThat(server.connections()).hasSize(1);
            assertThat(client.state()).isEqualTo(TcpClient.State.CONNECTED);
        }
        assertThat(here.sessions()).isEmpty();
        assertThat(there.sessions()).isEmpty();
        assertThat(there.toJson()).isEqualTo(here.toJson());
    }
}
