package dev.scuttlebutt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonObject;
import org.junit.jupiter.api.Test;

class HandshakeTest {
    private static final JsonObject ANNOUNCED = Json.object("tombstones", true, "v", 2);

    @Test
    void whatTheTypeAnnounces_isAddedToTheMetaOfTheApplication_whichWins() {
        assertThat(Handshake.meta(Json.object("name", "phone", "v", 1), ANNOUNCED))
                .isEqualTo(Json.object("name", "phone", "v", 1, "tombstones", true));
        assertThat(Handshake.meta(null, ANNOUNCED)).isEqualTo(ANNOUNCED);
    }

    @Test
    void metaThatIsNoObject_belongsToTheApplicationAlone() {
        assertThat(Handshake.meta(Json.of("phone"), ANNOUNCED)).isEqualTo(Json.of("phone"));
    }

    @Test
    void typeThatAnnouncesNothing_leavesTheMetaAlone() {
        assertThat(Handshake.meta(null, Json.object())).isNull();
        assertThat(Handshake.meta(Json.object("a", 1), Json.object())).isEqualTo(Json.object("a", 1));
    }

    @Test
    void clockThatIsNoObject_isShownInTheError_andCutWhenItIsLong() {
        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(() -> Handshake.of(Json.object("clock", "x".repeat(38))))
                .withMessageEndingWith(", found \"" + "x".repeat(38) + "\"");
        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(() -> Handshake.of(Json.object("clock", "x".repeat(39))))
                .withMessageEndingWith(", found \"" + "x".repeat(39) + "…");
        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(() -> Handshake.of(Json.object("id", "P")))
                .withMessageEndingWith(", found none");
    }
}
