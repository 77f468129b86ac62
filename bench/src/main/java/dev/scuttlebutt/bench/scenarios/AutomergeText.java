package dev.scuttlebutt.bench.scenarios;

import dev.scuttlebutt.bench.Libraries;
import dev.scuttlebutt.bench.Measurement;
import dev.scuttlebutt.bench.Stopwatch;
import dev.scuttlebutt.bench.Unit;
import dev.scuttlebutt.bench.Work;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.automerge.ChangeHash;
import org.automerge.Document;
import org.automerge.ObjectId;
import org.automerge.ObjectType;
import org.automerge.Transaction;
import org.jspecify.annotations.Nullable;

/** The Java binding of Automerge does what {@link TextLocal} and its kin do. */
public final class AutomergeText extends TextScenario {
    private static final String JAR = "org.automerge:automerge:0.0.7";

    /** What it does. */
    public enum Kind {
        /** As {@link TextLocal}. */
        LOCAL("259,778 edits of a paper", EDITS),
        /** As {@link TextRemote}. */
        REMOTE("a change for each of the 259,778 edits arrives", EDITS),
        /** As {@link TextLoad}. */
        LOAD("the paper from bytes", SECONDS);

        private final String title;
        private final Unit unit;

        Kind(String title, Unit unit) {
            this.title = title;
            this.unit = unit;
        }
    }

    private final Kind kind;

    /** Creates the scenario. */
    public AutomergeText(Kind kind) {
        super(ours(kind) + "-automerge", kind.title, kind.unit, null);
        this.kind = kind;
    }

    private static String ours(Kind kind) {
        return "text-" + kind.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public @Nullable String original() {
        return null;
    }

    @Override
    public String beside() {
        return "Automerge";
    }

    @Override
    public String rivalTo() {
        return ours(kind);
    }

    @Override
    public @Nullable String missing() {
        return Libraries.missing("org.automerge.Document", JAR);
    }

    @Override
    public Measurement measure(Work work) throws IOException {
        EditingTrace trace = EditingTrace.read(work.count("edits"));
        return switch (kind) {
            case LOCAL -> local(trace, work);
            case REMOTE -> remote(trace, work);
            case LOAD -> load(trace);
        };
    }

    private static Measurement local(EditingTrace trace, Work work) throws IOException {
        Stopwatch watch = new Stopwatch(work);
        while (watch.running()) {
            Document document = new Document();
            ObjectId text = text(document);
            watch.start();
            for (EditingTrace.Edit edit : trace.edits()) {
                type(document, text, edit);
            }
            watch.stop(trace.size());
            check(trace, document, text);
        }
        return watch.rate(Map.of());
    }

    private static Measurement remote(EditingTrace trace, Work work) throws IOException {
        Document writer = new Document();
        ObjectId text = text(writer);
        byte[] start = writer.encodeChangesSince(new ChangeHash[0]);
        ChangeHash[] known = writer.getHeads();
        List<byte[]> changes = new ArrayList<>(trace.size());
        long bytes = 0;
        for (EditingTrace.Edit edit : trace.edits()) {
            type(writer, text, edit);
            byte[] change = writer.encodeChangesSince(known);
            known = writer.getHeads();
            changes.add(change);
            bytes += change.length;
        }
        Stopwatch watch = new Stopwatch(work);
        while (watch.running()) {
            Document reader = new Document();
            reader.applyEncodedChanges(start);
            watch.start();
            for (byte[] change : changes) {
                reader.applyEncodedChanges(change);
            }
            watch.stop(trace.size());
            check(trace, reader, text);
        }
        return watch.rate(Map.of("MB on the wire", bytes / 1e6));
    }

    private static Measurement load(EditingTrace trace) {
        Document writer = new Document();
        ObjectId text = text(writer);
        for (EditingTrace.Edit edit : trace.edits()) {
            type(writer, text, edit);
        }
        byte[] saved = writer.save();
        long cpu = Stopwatch.ownCpuNanos();
        long start = System.nanoTime();
        Document document = Document.load(saved);
        String loaded = document.text(text).orElseThrow();
        double seconds = (System.nanoTime() - start) / 1e9;
        double byCpu = (Stopwatch.ownCpuNanos() - cpu) / 1e9;
        trace.check(loaded);
        document.free();
        return new Measurement(seconds, byCpu, Map.of("MB in the file", saved.length / 1e6));
    }

    private static ObjectId text(Document document) {
        try (Transaction transaction = document.startTransaction()) {
            ObjectId text = transaction.set(ObjectId.ROOT, "text", ObjectType.TEXT);
            transaction.commit();
            return text;
        }
    }

    /** A transaction for each edit, as each is an update of its own here. */
    private static void type(Document document, ObjectId text, EditingTrace.Edit edit) {
        try (Transaction transaction = document.startTransaction()) {
            transaction.spliceText(text, edit.at(), edit.deleted(), edit.inserted());
            transaction.commit();
        }
    }

    private static void check(EditingTrace trace, Document document, ObjectId text) {
        trace.check(document.text(text).orElseThrow());
        document.free();
    }
}
