package dev.scuttlebutt.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scuttlebutt.SessionOptions;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonObject;
import dev.scuttlebutt.netty.LinkOptions;
import dev.scuttlebutt.types.Model;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every combination of the original's stream options against every mode of ours: who ends with whose updates. */
final class OptionsTest {
    /*
     * The original's rules are those of core-protocol section 3.3. It gives history when a handshake reaches it, or at
     * once when it is read-only and expects no clock; it accepts when it is writable; it shakes hands when it is readable
     * or told to.
     */

    private static NodePeer node;
    private static int count;

    @BeforeAll
    static void startNode() throws Exception {
        node = NodePeer.start("scuttlebutt", "model", "node");
    }

    @AfterAll
    static void stopNode() throws Exception {
        if (node != null) {
            node.close();
        }
    }

    @ParameterizedTest(name = "{0} | {2} | {3}")
    @MethodSource("combinations")
    void everyUpdateThatShouldArriveDoes_andNoOther(
            String mode, SessionOptions ours, Map<String, Object> theirs, Meeting meeting) throws Exception {
        boolean writable = !theirs.containsKey("writable");
        boolean readable = !theirs.containsKey("readable");
        boolean theyShakeHands = readable || theirs.containsKey("sendClock");
        boolean theyStartAtOnce = readable && !writable && !theirs.containsKey("clock");
        boolean weShakeHands = !mode.endsWith("no clock");
        boolean weStartAtOnce = mode.contains("at once");
        boolean toJava = ours.receives() && (theyStartAtOnce || weShakeHands);
        boolean toNode = ours.sends() && writable && (weStartAtOnce || theyShakeHands);
        boolean bothTail = ours.tail() && !theirs.containsKey("tail");

        int number = count++;
        Model java = new Model("java" + number);
        java.set("java" + number, "held");
        node.set("node" + number, "held");
        try (AutoCloseable link =
                meeting.link(java, node, LinkOptions.defaults().session(ours), theirs)) {
            if (toJava) {
                Meeting.patiently().until(() -> java.has("node" + number));
            }
            if (toNode) {
                awaitOnNode("java" + number, "held");
            }
            if (bothTail) {
                node.set("nodeLive" + number, 1);
                java.set("java" + number, "live");
                if (toJava) {
                    Meeting.patiently().until(() -> java.has("nodeLive" + number));
                }
                if (toNode) {
                    awaitOnNode("java" + number, "live");
                }
            }
            Meeting.patiently().until(() -> node.attached() > number);
            // Some of the combinations never end by themselves.
            node.cut();
            Meeting.patiently().until(() -> java.sessions().isEmpty() && node.streams() == 0);
        }
        assertThat(java.has("node" + number)).isEqualTo(toJava);
        assertThat(((JsonObject) node.json()).has("java" + number)).isEqualTo(toNode);
    }

    private static void awaitOnNode(String key, String value) {
        Meeting.patiently()
                .untilAsserted(
                        () -> assertThat(((JsonObject) node.json()).get(key)).isEqualTo(Json.of(value)));
    }

    static Stream<Arguments> combinations() {
        Map<String, SessionOptions> ours = new LinkedHashMap<>();
        ours.put("twoWay", SessionOptions.twoWay());
        ours.put("twoWay, no tail", SessionOptions.twoWay().tail(false));
        ours.put("sendOnly", SessionOptions.sendOnly());
        ours.put("sendOnly, no tail", SessionOptions.sendOnly().tail(false));
        ours.put("sendOnly at once", SessionOptions.sendOnly().expectClock(false));
        ours.put(
                "sendOnly at once, no tail",
                SessionOptions.sendOnly().expectClock(false).tail(false));
        ours.put("receiveOnly", SessionOptions.receiveOnly());
        ours.put("receiveOnly, no tail", SessionOptions.receiveOnly().tail(false));
        ours.put("receiveOnly, no clock", SessionOptions.receiveOnly().sendClock(false));
        return ours.entrySet().stream()
                .flatMap(mode -> IntStream.range(0, 32)
                        .boxed()
                        .flatMap(bits -> Stream.of(Meeting.values())
                                .map(meeting -> Arguments.of(mode.getKey(), mode.getValue(), theirs(bits), meeting))));
    }

    private static Map<String, Object> theirs(int bits) {
        Map<String, Object> options = new LinkedHashMap<>();
        if ((bits & 1) != 0) {
            options.put("writable", false);
        }
        if ((bits & 2) != 0) {
            options.put("readable", false);
        }
        if ((bits & 4) != 0) {
            options.put("tail", false);
        }
        if ((bits & 8) != 0) {
            options.put("sendClock", true);
        }
        if ((bits & 16) != 0) {
            options.put("clock", true);
        }
        return options;
    }
}
