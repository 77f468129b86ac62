package dev.scuttlebutt.bench;

import dev.scuttlebutt.bench.hub.FanOut;
import dev.scuttlebutt.bench.hub.IdleConnections;
import dev.scuttlebutt.bench.hub.StalledReader;
import dev.scuttlebutt.bench.scenarios.AcceptFlood;
import dev.scuttlebutt.bench.scenarios.ArrayInserts;
import dev.scuttlebutt.bench.scenarios.AutomergeText;
import dev.scuttlebutt.bench.scenarios.BucketSets;
import dev.scuttlebutt.bench.scenarios.ConnectUpToDate;
import dev.scuttlebutt.bench.scenarios.Difference;
import dev.scuttlebutt.bench.scenarios.DocRows;
import dev.scuttlebutt.bench.scenarios.DocSync;
import dev.scuttlebutt.bench.scenarios.DocWrites;
import dev.scuttlebutt.bench.scenarios.ExpirySets;
import dev.scuttlebutt.bench.scenarios.FeedPushes;
import dev.scuttlebutt.bench.scenarios.FirstSync;
import dev.scuttlebutt.bench.scenarios.ForgedFlood;
import dev.scuttlebutt.bench.scenarios.JournalAppend;
import dev.scuttlebutt.bench.scenarios.JournalLoad;
import dev.scuttlebutt.bench.scenarios.KeyLengths;
import dev.scuttlebutt.bench.scenarios.LocalSet;
import dev.scuttlebutt.bench.scenarios.MemoryPerItem;
import dev.scuttlebutt.bench.scenarios.PekkoTwoNodes;
import dev.scuttlebutt.bench.scenarios.SetWithPeers;
import dev.scuttlebutt.bench.scenarios.SetWithTcpPeers;
import dev.scuttlebutt.bench.scenarios.Signatures;
import dev.scuttlebutt.bench.scenarios.StalledPeer;
import dev.scuttlebutt.bench.scenarios.StartUp;
import dev.scuttlebutt.bench.scenarios.StoreAppend;
import dev.scuttlebutt.bench.scenarios.StoreLoad;
import dev.scuttlebutt.bench.scenarios.StoreOpen;
import dev.scuttlebutt.bench.scenarios.TextHeap;
import dev.scuttlebutt.bench.scenarios.TextLoad;
import dev.scuttlebutt.bench.scenarios.TextLocal;
import dev.scuttlebutt.bench.scenarios.TextRemote;
import dev.scuttlebutt.bench.scenarios.TwoNodes;
import dev.scuttlebutt.journal.Durability;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/** All there is to measure. */
public final class Scenarios {
    private static final List<Scenario> ALL = List.of(
            new LocalSet(),
            new SetWithPeers(1),
            new SetWithPeers(10),
            new SetWithTcpPeers(),
            new FirstSync(),
            new AcceptFlood(),
            new ConnectUpToDate(1_000),
            new ConnectUpToDate(100_000),
            new ConnectUpToDate(1_000_000),
            new Difference(),
            new StalledPeer(),
            new MemoryPerItem(MemoryPerItem.Kind.KEYS, 100_000),
            new MemoryPerItem(MemoryPerItem.Kind.KEYS, 1_000_000),
            new MemoryPerItem(MemoryPerItem.Kind.ROWS, 2_000),
            new MemoryPerItem(MemoryPerItem.Kind.ROWS, 100_000),
            new MemoryPerItem(MemoryPerItem.Kind.ROWS, 1_000_000),
            new MemoryPerItem(MemoryPerItem.Kind.CHARACTERS, 10_000),
            new MemoryPerItem(MemoryPerItem.Kind.CHARACTERS, 100_000),
            new MemoryPerItem(MemoryPerItem.Kind.CHARACTERS, 1_000_000),
            new TwoNodes(false),
            new TwoNodes(true),
            new PekkoTwoNodes(PekkoTwoNodes.Kind.SET),
            new PekkoTwoNodes(PekkoTwoNodes.Kind.SET_ONE_MAP),
            new PekkoTwoNodes(PekkoTwoNodes.Kind.DELIVER),
            new PekkoTwoNodes(PekkoTwoNodes.Kind.DELIVER_EACH),
            new Signatures(Signatures.Kind.RSA),
            new Signatures(Signatures.Kind.ED25519),
            new ForgedFlood(),
            new DocRows(1_000),
            new DocRows(10_000),
            new DocWrites(1_000),
            new DocWrites(1_000_000),
            new DocSync(),
            new ExpirySets(),
            new BucketSets(),
            new FeedPushes(),
            new JournalAppend("none", Durability.none(), false),
            new JournalAppend("interval", Durability.interval(Duration.ofMillis(100)), false),
            new JournalAppend("update", Durability.everyUpdate(), false),
            new JournalAppend("update", Durability.everyUpdate(), true),
            new JournalLoad(100_000),
            new JournalLoad(1_000_000),
            new JournalLoad(2_000_000),
            new TextLocal(),
            new AutomergeText(AutomergeText.Kind.LOCAL),
            new TextRemote(),
            new AutomergeText(AutomergeText.Kind.REMOTE),
            new TextHeap(),
            new TextLoad(),
            new AutomergeText(AutomergeText.Kind.LOAD),
            new ArrayInserts(false),
            new ArrayInserts(true),
            new KeyLengths(KeyLengths.Pattern.APPEND),
            new KeyLengths(KeyLengths.Pattern.PREPEND),
            new KeyLengths(KeyLengths.Pattern.RANDOM),
            new KeyLengths(KeyLengths.Pattern.TYPING),
            new KeyLengths(KeyLengths.Pattern.TYPING_BACK),
            new KeyLengths(KeyLengths.Pattern.BEFORE_LAST),
            new KeyLengths(KeyLengths.Pattern.ZIGZAG),
            new StoreAppend("none", Durability.none(), false),
            new StoreAppend("interval", Durability.interval(Duration.ofMillis(100)), false),
            new StoreAppend("update", Durability.everyUpdate(), false),
            new StoreAppend("update", Durability.everyUpdate(), true),
            new StoreOpen(),
            new StoreLoad(1_000_000),
            new StoreLoad(2_000_000),
            new FanOut(1),
            new FanOut(10),
            new FanOut(100),
            new StalledReader(),
            new IdleConnections(),
            new StartUp(StartUp.Kind.VERSION),
            new StartUp(StartUp.Kind.NODE),
            new StartUp(StartUp.Kind.HUB));

    private Scenarios() {}

    /** Returns all scenarios, in the order in which they are run. */
    public static List<Scenario> all() {
        return ALL;
    }

    /**
     * Returns the scenario of this name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Scenario named(String name) {
        return ALL.stream()
                .filter(scenario -> scenario.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("nothing to measure is called " + name + "; there is "
                        + ALL.stream().map(Scenario::name).collect(Collectors.joining(", "))));
    }
}
