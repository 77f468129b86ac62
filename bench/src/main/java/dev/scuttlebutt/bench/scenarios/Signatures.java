package dev.scuttlebutt.bench.scenarios;

import dev.scuttlebutt.ReplicaOptions;
import dev.scuttlebutt.Security;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.bench.Measurement;
import dev.scuttlebutt.bench.Scenario;
import dev.scuttlebutt.bench.Stopwatch;
import dev.scuttlebutt.bench.Unit;
import dev.scuttlebutt.bench.Work;
import dev.scuttlebutt.security.DocumentSecurity;
import dev.scuttlebutt.security.KeyRing;
import dev.scuttlebutt.security.Pem;
import dev.scuttlebutt.security.RsaSecurity;
import dev.scuttlebutt.types.Model;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Signs and verifies small updates, on one core and on two. What counts is verifying on one: each update is signed once
 * and verified by everybody. The original has RSA alone; beside Ed25519 stands what node's own cryptography does with it.
 */
public final class Signatures implements Scenario {
    private static final int RSA_BITS = 2048;

    private final Kind kind;

    /** Which signatures. */
    public enum Kind {
        /** SHA1withRSA with keys of 2048 bits, the original's. */
        RSA,
        /** Ed25519. */
        ED25519;

        private Security security() throws GeneralSecurityException {
            if (this == RSA) {
                KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
                generator.initialize(RSA_BITS);
                KeyPair keys = generator.generateKeyPair();
                return RsaSecurity.of(keys.getPrivate(), Pem.text(keys.getPublic()), KeyRing.create());
            }
            KeyPair keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
            return DocumentSecurity.of("bench", keys.getPrivate(), keys.getPublic(), KeyRing.create());
        }
    }

    /** Creates the scenario for signatures of this kind. */
    public Signatures(Kind kind) {
        this.kind = kind;
    }

    @Override
    public String name() {
        return "signatures-" + kind.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String title() {
        return kind == Kind.RSA ? "verify signatures, RSA-2048, one core" : "verify signatures, Ed25519, one core";
    }

    @Override
    public Unit unit() {
        return FirstSync.UPDATES;
    }

    @Override
    public String original() {
        return "signatures.js";
    }

    @Override
    public Work work(Work base) {
        return base.with("ed25519", kind == Kind.ED25519 ? 1 : 0);
    }

    @Override
    public Measurement measure(Work work) throws GeneralSecurityException, InterruptedException, ExecutionException {
        Security security = kind.security();
        Model model = new Model(ReplicaOptions.defaults().security(security));
        model.set("key", "value of the key");
        Update update = model.history().get(0);
        byte[] text = update.signedText();
        Runnable sign = () -> security.sign(text);
        Runnable verify = () -> {
            if (!security.verify(update).isValid()) {
                throw new IllegalStateException("a good signature was refused");
            }
        };
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            rate(threads, 2, work.warmUpMillis() / 4, sign);
            rate(threads, 2, work.warmUpMillis() / 4, verify);
            long cpu = Stopwatch.ownCpuNanos();
            long start = System.nanoTime();
            double verified = rate(threads, 1, work.measureMillis(), verify);
            double cores = (double) (Stopwatch.ownCpuNanos() - cpu) / (System.nanoTime() - start);
            return new Measurement(
                    verified,
                    verified / cores,
                    Map.of(
                            "verified on two cores", rate(threads, 2, work.measureMillis() / 2, verify),
                            "signed", rate(threads, 1, work.measureMillis() / 2, sign),
                            "signed on two cores", rate(threads, 2, work.measureMillis() / 2, sign)));
        } finally {
            threads.shutdownNow();
        }
    }

    /** Returns how often all threads together do it in a second. */
    private static double rate(ExecutorService threads, int count, int millis, Runnable operation)
            throws InterruptedException, ExecutionException {
        List<Future<Double>> rates = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            rates.add(threads.submit(() -> rate(millis, operation)));
        }
        double sum = 0;
        for (Future<Double> rate : rates) {
            sum += rate.get();
        }
        return sum;
    }

    private static double rate(int millis, Runnable operation) {
        long start = System.nanoTime();
        long until = start + TimeUnit.MILLISECONDS.toNanos(millis);
        int done = 0;
        do {
            operation.run();
            done++;
        } while (System.nanoTime() < until);
        return done * 1e9 / (System.nanoTime() - start);
    }
}
