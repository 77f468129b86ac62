package dev.scuttlebutt.types;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.scuttlebutt.Heard;
import dev.scuttlebutt.Outcome;
import dev.scuttlebutt.Pipe;
import dev.scuttlebutt.ReplicaEvent;
import dev.scuttlebutt.ReplicaOptions;
import dev.scuttlebutt.SettableTime;
import dev.scuttlebutt.Subscription;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.json.Json;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EventsTest {
    private final SettableTime time = new SettableTime(100);
    private final ReplicaOptions options = ReplicaOptions.defaults().id("E").time(time);
    private final Events events = new Events(options);

    @Test
    void emit_isHeardHereAndThere_withAnyNumberOfArguments() {
        Events peer = new Events("P");
        List<List<Json>> here = new ArrayList<>();
        List<List<Json>> there = new ArrayList<>();
        events.on("x", here::add);
        peer.on("x", there::add);
        Pipe.connect(events, peer);
        events.emit("x");
        events.emit("x", 1, null, List.of("a"), Map.of("b", true));
        events.emit("x", (Object) null);

        assertThat(here)
                .containsExactly(
                        List.of(),
                        List.of(Json.of(1), Json.NULL, Json.array("a"), Json.object("b", true)),
                        List.of(Json.NULL));
        assertThat(there).isEqualTo(here);
        assertThat(events.history().get(0)).hasToString("[[\"x\"],100,\"E\"]");
    }

    @Test
    void emit_copiesItsArguments() {
        List<Object> argument = new ArrayList<>(List.of(1));
        events.emit("x", argument);
        argument.add(2);

        assertThat(events.toJson()).hasToString("[[\"x\",[1]]]");
    }

    @Test
    void on_hearsItsNameAlone_untilClosed() {
        List<List<Json>> heard = new ArrayList<>();
        Subscription subscription = events.on("x", heard::add);
        events.emit("y", 1);
        events.emit("x", 2);
        subscription.close();
        events.emit("x", 3);

        assertThat(heard).containsExactly(List.of(Json.of(2)));
    }

    @Test
    void everyEvent_isKeptAndToldToNewcomersByTime() {
        events.apply(Update.of(List.of("x", "b"), 50, "B"));
        events.emit("x", "a");
        events.apply(Update.of(List.of("x", "c"), 60, "B"));
        Events newcomer = new Events("N");
        List<String> heard = new ArrayList<>();
        newcomer.on("x", arguments -> heard.add(arguments.get(0).asString()));
        Pipe.connect(events, newcomer);
        Pipe.connect(newcomer, events);

        assertThat(heard).containsExactly("b", "c", "a");
        assertThat(newcomer.toJson()).hasToString("[[\"x\",\"b\"],[\"x\",\"c\"],[\"x\",\"a\"]]");
    }

    @Test
    void emitted_tellsTheUpdateAndWhoMadeIt() {
        Heard heard = Heard.from(events);
        events.apply(Update.of(List.of("x", 1), 5, "B"));

        assertThat(heard.names()).containsExactly("Emitted", "Applied");
        Events.Emitted emitted = heard.only(Events.Emitted.class);
        assertThat(emitted.name()).isEqualTo("x");
        assertThat(emitted.arguments()).containsExactly(Json.of(1));
        assertThat(emitted.update().source()).isEqualTo("B");
    }

    @Test
    void names_ofInternalEvents_areNothingButNames() {
        Heard heard = Heard.from(events);
        Pipe pipe = Pipe.connect(events, new Events("P"));
        for (String name : List.of(
                "dispose", "error", "_update", "old_data", "unstream", "newListener", "toString", "constructor", "")) {
            assertThat(events.apply(Update.of(List.of(name, List.of(List.of("hi"), 99, "VICTIM")), 5, name)))
                    .isEqualTo(Outcome.APPLIED);
        }

        assertThat(heard.all(Events.Emitted.class)).hasSize(9);
        assertThat(heard.all(ReplicaEvent.Disposed.class)).isEmpty();
        assertThat(events.clock().latest("VICTIM")).isNegative();
        assertThat(pipe.left().state()).isEqualTo(dev.scuttlebutt.Session.State.LIVE);
        assertThat(pipe.left().stats().sent()).isEqualTo(9);
    }

    @Test
    void nameProto_isRefusedHereAndFromElsewhere() {
        assertThatIllegalArgumentException().isThrownBy(() -> events.emit("__proto__"));
        assertThat(events.apply(Update.of(List.of("__proto__"), 5, "x"))).isEqualTo(Outcome.INVALID);
        assertThat(events.clock().isEmpty()).isTrue();
    }

    @Test
    void changeOfAnotherShape_isInvalid_andMovesNothing() {
        Heard heard = Heard.from(events);
        for (Object change : Arrays.asList(
                null, 7, "hello", Map.of("0", "q", "length", 2), List.of(), List.of(5, 1), Arrays.asList((Object)
                        null))) {
            assertThat(events.apply(Update.of(change, 5, "x"))).as("%s", change).isEqualTo(Outcome.INVALID);
        }

        assertThat(heard.all(ReplicaEvent.Invalid.class)).hasSize(7);
        assertThat(events.clock().isEmpty()).isTrue();
    }

    @Test
    void retention_keepsTheEventsThatArrivedLast() {
        Events brief = new Events(options, 2);
        List<String> heard = new ArrayList<>();
        brief.on("x", arguments -> heard.add(arguments.get(0).toString()));
        brief.apply(Update.of(List.of("x", 1), 500, "B"));
        brief.apply(Update.of(List.of("x", 2), 5, "C"));
        brief.emit("x", 3);

        assertThat(heard).as("each is heard").containsExactly("1", "2", "3");
        assertThat(brief.toJson()).hasToString("[[\"x\",2],[\"x\",3]]");
        assertThat(brief.clock().latest("B")).as("the clock remembers").isEqualTo(500);
        assertThat(brief.apply(Update.of(List.of("x", 1), 500, "B"))).isEqualTo(Outcome.STALE);
    }

    @Test
    void retention_boundsWhatANewcomerHears() {
        Events brief = new Events(options, 3);
        for (int i = 0; i < 100; i++) {
            brief.emit("x", i);
        }
        Events newcomer = new Events("N");
        List<String> heard = new ArrayList<>();
        newcomer.on("x", arguments -> heard.add(arguments.get(0).toString()));
        Pipe.connect(brief, newcomer);

        assertThat(heard).containsExactly("97", "98", "99");
        assertThatIllegalArgumentException().isThrownBy(() -> new Events(options, 0));
    }

    @Test
    void retention_isNotSpentOnWhatIsRefused() {
        Events brief = new Events(options, 1);
        brief.emit("x", 1);
        brief.apply(Update.of(List.of(5), 5, "B"));
        brief.apply(Update.of(List.of("__proto__"), 5, "B"));

        assertThat(brief.toJson()).hasToString("[[\"x\",1]]");
    }
}
