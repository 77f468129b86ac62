package dev.scuttlebutt.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.scuttlebutt.Outcome;
import dev.scuttlebutt.ReplicaEvent;
import dev.scuttlebutt.ReplicaOptions;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.types.Model;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class KeyRingTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    @TempDir
    Path folder;

    @Test
    void rsaKey_isKnownUnderBothItsIds_andRemovedUnderBoth() {
        KeyRing ring = KeyRing.create();
        String id = ring.add(TestKeys.RSA2048.publicPem());
        String other = KeyId.of(Pem.publicKey(TestKeys.RSA2048.publicPem()));
        assertThat(id).isEqualTo(TestKeys.RSA2048.id());
        assertThat(ring.ids()).containsExactlyInAnyOrder(id, other);
        assertThat(ring.remove(other)).isTrue();
        assertThat(ring.ids()).isEmpty();
        assertThat(ring.find(id)).isNull();
        assertThat(ring.remove(other)).isFalse();
    }

    @Test
    void privateKey_standsForItsPublicOne() {
        assertThat(KeyRing.create().add(TestKeys.RSA2048.privatePem())).isEqualTo(TestKeys.RSA2048.id());
    }

    @Test
    void idOfOnesOwnChoice_isTaken_butNotOneThatIsMadeFromAnotherKey() throws Exception {
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        KeyRing ring = KeyRing.create();
        ring.add("ada", TestKeys.RSA2048.publicPem());
        assertThat(ring.ids()).containsExactly("ada");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ring.add(KeyId.of(pair.getPublic()), TestKeys.RSA2048.publicPem()))
                .withMessageContaining("does not belong");
    }

    @Test
    void folder_givesItsKeys_andPassesOverWhatTheOriginalsScriptLeavesBesideThem() throws Exception {
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        Files.writeString(folder.resolve("test1"), TestKeys.TEST1.privatePem());
        Files.writeString(folder.resolve("test1.pem"), TestKeys.TEST1.publicPem());
        Files.writeString(folder.resolve("test1.pub"), "ssh-rsa AAAA dominic@asus");
        Files.writeString(folder.resolve("edwards.pem"), Pem.text(pair.getPublic()));
        Files.createDirectory(folder.resolve("inner.pem"));
        assertThat(KeyRing.compatibleWithOldKeys().addFolder(folder))
                .containsExactly(KeyId.of(pair.getPublic()), TestKeys.TEST1.id());
    }

    @Test
    void fileOfNoUse_isNamed_withTheCommandForIt() throws Exception {
        Path file = Files.writeString(folder.resolve("me.pub"), "ssh-rsa AAAA me");
        assertThatIOException()
                .isThrownBy(() -> KeyRing.create().addFile(file))
                .withMessageContaining(file + ": ")
                .withMessageContaining("ssh-keygen -e -m PEM -f " + file + " > " + file + ".pem");
        Path small = Files.writeString(folder.resolve("small.pem"), TestKeys.TEST1.publicPem());
        assertThatIOException()
                .isThrownBy(() -> KeyRing.create().addFile(small))
                .withMessageContaining("at least 2048 bits, this one has 768");
    }

    @Test
    void hugeFile_isNotRead() throws Exception {
        Path file = Files.write(folder.resolve("huge.pem"), new byte[1 << 20]);
        assertThatIOException().isThrownBy(() -> KeyRing.create().addFile(file)).withMessageContaining("at most");
    }

    @Test
    void keysBelow768Bits_areAlwaysRefused() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(512);
        String tiny = Pem.text(generator.generateKeyPair().getPublic());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KeyRing.compatibleWithOldKeys().add(tiny))
                .withMessageContaining("at least 768");
    }

    // Keys elsewhere

    private final Model victim = new Model(ReplicaOptions.defaults().security(TestKeys.RSA2048.knowing()));

    private Update signed() {
        victim.set("k", victim.history().size());
        return victim.history().get(0);
    }

    private static CompletionStage<Optional<String>> now(String text) {
        return CompletableFuture.completedFuture(Optional.of(text));
    }

    private static Model reader(KeyRing ring) {
        return new Model(ReplicaOptions.defaults().security(RsaSecurity.verifying(ring)));
    }

    @Test
    void keyFoundElsewhere_isAskedForOnce() {
        List<String> asked = new ArrayList<>();
        KeyRing ring = KeyRing.create();
        ring.lookIn(
                id -> {
                    asked.add(id);
                    return now(TestKeys.RSA2048.publicPem());
                },
                LONG);
        Model reader = reader(ring);
        assertThat(reader.apply(signed())).isEqualTo(Outcome.APPLIED);
        assertThat(reader.apply(signed())).isEqualTo(Outcome.APPLIED);
        assertThat(asked).containsExactly(TestKeys.RSA2048.id());
        assertThat(ring.ids()).as("those that were added").isEmpty();

        assertThat(ring.remove(TestKeys.RSA2048.id())).isTrue();
        assertThat(reader.apply(signed())).isEqualTo(Outcome.APPLIED);
        assertThat(asked).hasSize(2);
    }

    @Test
    void sourceThatFailsOrHasSomethingUseless_isAReason_notACrash() {
        List<String> reasons = new ArrayList<>();
        List<KeySource> sources = List.of(
                id -> CompletableFuture.completedFuture(Optional.empty()),
                id -> CompletableFuture.failedFuture(new ArithmeticException("offline")),
                id -> {
                    throw new ArithmeticException("broken");
                },
                id -> now("hello"),
                id -> now(TestKeys.TEST1.publicPem()),
                id -> new CompletableFuture<>());
        Update update = signed();
        for (KeySource source : sources) {
            KeyRing ring = KeyRing.create();
            ring.lookIn(source, Duration.ofMillis(20));
            Model reader = reader(ring);
            reader.on(ReplicaEvent.Unverified.class, event -> reasons.add(event.reason()));
            reader.apply(update);
        }
        assertThat(reasons)
                .extracting(reason -> reason.replaceFirst("no key is known for its source: the key source ", ""))
                .satisfiesExactly(
                        reason -> assertThat(reason).isEqualTo("has none"),
                        reason -> assertThat(reason).contains("failed").contains("offline"),
                        reason -> assertThat(reason).contains("failed").contains("broken"),
                        reason -> assertThat(reason).contains("not usable"),
                        reason -> assertThat(reason).contains("not usable").contains("768"),
                        reason -> assertThat(reason).isEqualTo("did not answer within 20 ms"));
    }

    @Test
    void missing_isRememberedForAWhile_andThenAskedAgain() {
        AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
        List<String> asked = new ArrayList<>();
        Lookup lookup = new Lookup(
                id -> {
                    asked.add(id);
                    return CompletableFuture.completedFuture(Optional.empty());
                },
                LONG,
                (id, text) -> Pem.publicKey(text),
                nanos::get);
        lookup.fetch(Set.of("a"));
        lookup.fetch(Set.of("a"));
        assertThat(asked).hasSize(1);
        nanos.addAndGet(Lookup.MISS_LASTS.toNanos());
        lookup.fetch(Set.of("a"));
        assertThat(asked).hasSize(2);
    }

    @Test
    @Timeout(60)
    void linkThatWaitsForAKey_doesNotHoldBackAnother() throws Exception {
        CompletableFuture<Optional<String>> slow = new CompletableFuture<>();
        CountDownLatch waiting = new CountDownLatch(1);
        KeyRing ring = KeyRing.create();
        ring.lookIn(
                id -> {
                    waiting.countDown();
                    return slow;
                },
                LONG);
        ring.add("quick", TestKeys.RSA2048.publicPem());
        Model quick = new Model(ReplicaOptions.defaults().id("quick").security(TestKeys.RSA2048.knowing()));
        quick.set("q", 1);
        Model reader = reader(ring);
        Update late = signed();
        CompletableFuture<Void> link =
                CompletableFuture.runAsync(() -> reader.open().receive(late));
        assertThat(waiting.await(20, TimeUnit.SECONDS)).isTrue();

        reader.open().receive(quick.history().get(0));
        assertThat(reader.has("q")).isTrue();
        assertThat(reader.has("k")).isFalse();

        slow.complete(Optional.of(TestKeys.RSA2048.publicPem()));
        link.join();
        assertThat(reader.has("k")).isTrue();
    }

    @Test
    @Timeout(60)
    void linksThatWantTheSameKey_shareOneQuestion() throws Exception {
        CompletableFuture<Optional<String>> slow = new CompletableFuture<>();
        List<String> asked = new CopyOnWriteArrayList<>();
        Lookup lookup = new Lookup(
                id -> {
                    asked.add(id);
                    return slow;
                },
                LONG,
                (id, text) -> Pem.publicKey(text),
                System::nanoTime);
        List<Thread> links =
                List.of(new Thread(() -> lookup.fetch(Set.of("a"))), new Thread(() -> lookup.fetch(Set.of("a"))));
        links.forEach(Thread::start);
        Awaitility.await().until(() -> links.stream().allMatch(link -> link.getState() == Thread.State.TIMED_WAITING));
        slow.complete(Optional.of(TestKeys.RSA2048.publicPem()));
        for (Thread link : links) {
            link.join();
        }
        assertThat(lookup.find("a")).isNotNull();
        assertThat(asked).containsExactly("a");
    }

    @Test
    void inventedSources_costBoundedMemory() {
        Lookup lookup = new Lookup(
                id -> now(TestKeys.RSA2048.publicPem()), LONG, (id, text) -> Pem.publicKey(text), System::nanoTime);
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 10_100; i++) {
            ids.add("invented" + i);
        }
        lookup.fetch(ids);
        assertThat(ids.stream().filter(id -> lookup.find(id) != null)).hasSize(10_000);
    }
}
