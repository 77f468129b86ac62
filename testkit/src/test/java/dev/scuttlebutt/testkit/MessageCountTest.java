package dev.scuttlebutt.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scuttlebutt.testkit.Operation.Break;
import dev.scuttlebutt.testkit.Operation.Ends;
import dev.scuttlebutt.testkit.Operation.LinkOptions;
import dev.scuttlebutt.testkit.Schedule.Shape;
import dev.scuttlebutt.types.Events;
import dev.scuttlebutt.types.Value;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How many messages a change costs, exactly. Every message takes a millisecond on every link. */
class MessageCountTest {

    private static Schedule nothingPlanned(int replicas) {
        return new Schedule(1, replicas, 0, 1, Collections.nCopies(replicas, 0), Shape.RING, "scripted", List.of());
    }

    private static Network<Events> events(int replicas) {
        return new Network<>(Workloads.events(), nothingPlanned(replicas), Trace.none());
    }

    private static LinkOptions quick(Ends ends) {
        return new LinkOptions(true, ends, 4096, 1, 0, 4096, 1);
    }

    private static Network<Events> linked(Shape shape, int replicas) {
        Network<Events> network = events(replicas);
        shape.pairs(replicas).forEach(pair -> network.link(pair[0], pair[1], quick(Ends.TWO_WAY)));
        network.runUntilQuiet();
        return network;
    }

    private static void write(Network<Events> network, int replica, int count) {
        for (int i = 0; i < count; i++) {
            network.nodes().get(replica).replica().emit("e", i);
        }
    }

    /** What one change made by replica 0 costs in updates sent. */
    private static long costOfOneChange(Network<Events> network) {
        long before = network.traffic.updates;
        write(network, 0, 1);
        network.runUntilQuiet();
        network.nodes().forEach(node -> assertThat(node.replica().history()).hasSize(1));
        return network.traffic.updates - before;
    }

    @Test
    void firstExchange_sendsWhatTheOtherLacksAndNoMore() {
        Network<Events> network = events(2);
        write(network, 0, 3);
        write(network, 1, 2);
        network.link(0, 1, quick(Ends.TWO_WAY));
        network.runUntilQuiet();
        assertThat(network.traffic.handshakes).isEqualTo(2);
        assertThat(network.traffic.updates).isEqualTo(5);
        assertThat(network.traffic.syncs).isEqualTo(2);
    }

    @Test
    void secondExchange_sendsNoUpdate() {
        Network<Events> network = events(2);
        write(network, 0, 3);
        Link link = network.link(0, 1, quick(Ends.TWO_WAY));
        network.runUntilQuiet();
        link.cut(Break.CLEAN, Gen.seeded(1));
        network.link(0, 1, quick(Ends.TWO_WAY));
        network.runUntilQuiet();
        assertThat(network.traffic.updates).isEqualTo(3);
        assertThat(network.traffic.handshakes).isEqualTo(4);
        assertThat(network.traffic.syncs).isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 7})
    void change_crossesEachLinkOfAChainOnce(int replicas) {
        assertThat(costOfOneChange(linked(Shape.CHAIN, replicas))).isEqualTo(replicas - 1);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 7})
    void change_crossesEachLinkOfAStarOnce(int replicas) {
        assertThat(costOfOneChange(linked(Shape.STAR, replicas))).isEqualTo(replicas - 1);
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 6, 10})
    void change_crossesEachLinkOfAnEvenRingOnce(int replicas) {
        assertThat(costOfOneChange(linked(Shape.RING, replicas))).isEqualTo(replicas);
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 5, 9})
    void change_crossesOnlyTheFarthestLinkOfAnOddRingTwice(int replicas) {
        assertThat(costOfOneChange(linked(Shape.RING, replicas))).isEqualTo(replicas + 1);
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 6})
    void change_crossesEachLinkOfAMeshTwice_butThoseOfItsSourceOnce(int replicas) {
        long others = replicas - 1;
        assertThat(costOfOneChange(linked(Shape.MESH, replicas))).isEqualTo(others + others * (others - 1));
    }

    @Test
    void change_crossesEachOfTwoLinksBetweenTheSameTwoOnce() {
        Network<Events> network = linked(Shape.CHAIN, 2);
        network.link(0, 1, quick(Ends.TWO_WAY));
        network.runUntilQuiet();
        assertThat(network.traffic.updates).isZero();
        assertThat(costOfOneChange(network)).isEqualTo(2);
    }

    @Test
    void stalledPeer_isSentWhatItHadBegunToReadAndTheLatest() {
        Network<Value> network = new Network<>(Workloads.value(1), nothingPlanned(2), Trace.none());
        Value value = network.nodes().get(0).replica();
        Link link = network.link(0, 1, new LinkOptions(true, Ends.TWO_WAY, 1, 1, 0, 1, 1));
        network.runUntilQuiet();
        link.lane(true).slow(network.now() + 10_000, 100);
        for (int i = 0; i < 1_000; i++) {
            value.set(i);
            network.runFor(1);
        }
        network.runUntilQuiet();
        assertThat(network.traffic.updates).isEqualTo(2);
        assertThat(network.nodes().get(1).replica().get(Integer.class)).isEqualTo(999);
    }

    @Test
    void exchangeWithoutTail_endsAndSendsNoLaterChange() {
        Network<Events> network = events(2);
        write(network, 0, 3);
        write(network, 1, 2);
        network.link(0, 1, quick(Ends.ONCE));
        network.runUntilQuiet();
        assertThat(network.links()).isEmpty();
        write(network, 0, 1);
        network.runUntilQuiet();
        assertThat(network.traffic.updates).isEqualTo(5);
        assertThat(network.nodes().get(1).replica().history()).hasSize(5);
    }

    @Test
    void sendOnly_sendsAndTakesNothing() {
        Network<Events> network = events(2);
        write(network, 0, 3);
        write(network, 1, 2);
        network.link(0, 1, quick(Ends.SEND_ONLY));
        network.runUntilQuiet();
        write(network, 0, 1);
        network.runUntilQuiet();
        assertThat(network.traffic.updates).isEqualTo(4);
        assertThat(network.traffic.syncs).isEqualTo(2);
        assertThat(network.nodes().get(0).replica().history()).hasSize(4);
        assertThat(network.nodes().get(1).replica().history()).hasSize(6);
    }

    @Test
    void receiveOnlyWithoutClock_isSentEverythingUnasked() {
        Network<Events> network = events(2);
        write(network, 0, 3);
        network.link(0, 1, quick(Ends.SEND_UNASKED));
        network.runUntilQuiet();
        assertThat(network.traffic.handshakes).isEqualTo(1);
        assertThat(network.traffic.updates).isEqualTo(3);
        assertThat(network.nodes().get(1).replica().history()).hasSize(3);
    }
}
