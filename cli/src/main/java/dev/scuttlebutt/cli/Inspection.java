package dev.scuttlebutt.cli;

import dev.scuttlebutt.Clock;
import dev.scuttlebutt.Handshake;
import dev.scuttlebutt.Security;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.Verdict;
import dev.scuttlebutt.journal.BadLine;
import dev.scuttlebutt.journal.JournalReader;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonArray;
import dev.scuttlebutt.json.JsonObject;
import dev.scuttlebutt.json.JsonWriter;
import dev.scuttlebutt.wire.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What one pass over a journal finds. */
final class Inspection implements JournalReader.Visitor {
    private static final int BAD_LINES_KEPT = 1_000;

    /** Of one source. */
    private static final class Source {
        long updates;
        long bytes;
        long signed;
        double latest = Clock.NEVER;
    }

    private final Path file;
    private final @Nullable Security security;
    private final Map<String, Source> sources = new TreeMap<>();
    private final List<BadLine> badLines = new ArrayList<>();
    private final List<BadLine> unverified = new ArrayList<>();
    private long badCount;
    private long unverifiedCount;
    private @Nullable BadLine torn;
    private @Nullable Handshake header;
    private Clock clock = Clock.EMPTY;
    private long headers;
    private boolean synced;
    private long history;
    private long following;
    private long outOfOrder;
    private long signed;
    private long bytes;

    /** Prepares to read a file, and to verify what is in it if there is something to verify with. */
    Inspection(Path file, @Nullable Security security) {
        this.file = file;
        this.security = security;
    }

    void read() throws IOException {
        bytes = Files.size(file);
        JournalReader.read(file, Limits.defaults(), this);
    }

    @Override
    public void handshake(Handshake handshake, long line, long offset) {
        headers++;
        header = handshake;
        clock = clock.merge(handshake.clock());
        synced = false;
        history += following;
        following = 0;
    }

    @Override
    public void update(Update update, long line, long offset) {
        Source source = sources.computeIfAbsent(update.source(), first -> new Source());
        source.updates++;
        source.bytes += update.length();
        if (update.timestamp() < source.latest) {
            outOfOrder++;
        }
        source.latest = Math.max(source.latest, update.timestamp());
        if (update.signature() != null) {
            source.signed++;
            signed++;
        }
        if (synced) {
            following++;
        } else {
            history++;
        }
        verify(update, line, offset);
    }

    private void verify(Update update, long line, long offset) {
        if (security == null) {
            return;
        }
        security.prepare(Set.of(update.source()));
        Verdict verdict = security.verify(update);
        if (!verdict.isValid()) {
            unverifiedCount++;
            keep(unverified, new BadLine(line, offset, update.length() - 1, verdict.reason()));
        }
    }

    @Override
    public void sync(long line, long offset) {
        synced = true;
    }

    @Override
    public void bad(BadLine bad, byte[] content) {
        badCount++;
        keep(badLines, bad);
    }

    @Override
    public void torn(BadLine tail, byte[] content) {
        torn = tail;
    }

    private static void keep(List<BadLine> list, BadLine line) {
        if (list.size() < BAD_LINES_KEPT) {
            list.add(line);
        }
    }

    // What is shown

    JsonObject toJson() {
        Handshake known = header;
        JsonObject.Builder all = JsonObject.builder();
        all.put("file", Json.of(file.toString()));
        all.put("bytes", Json.of((double) bytes));
        all.put("id", Json.of(known == null ? null : known.id()));
        all.put("meta", Json.of(known == null ? null : known.meta()));
        all.put("headers", Json.of((double) headers));
        all.put("complete", Json.of(synced));
        all.put("updates", Json.of((double) (history + following)));
        all.put("following", Json.of((double) following));
        all.put("signed", Json.of((double) signed));
        all.put("outOfOrder", Json.of((double) outOfOrder));
        all.put("clock", clock.merge(latest()).toJson());
        JsonObject.Builder perSource = JsonObject.builder();
        sources.forEach((id, source) -> perSource.put(
                id,
                Json.object(
                        "updates", source.updates,
                        "bytes", source.bytes,
                        "signed", source.signed,
                        "latest", source.latest)));
        all.put("sources", perSource.build());
        all.put("tornTail", torn == null ? Json.NULL : json(torn));
        all.put("bad", Json.of((double) badCount));
        all.put("badLines", json(badLines));
        if (security != null) {
            all.put("unverified", Json.of((double) unverifiedCount));
            all.put("unverifiedLines", json(unverified));
        }
        return all.build();
    }

    private Clock latest() {
        Map<String, Double> latest = new TreeMap<>();
        sources.forEach((id, source) -> {
            if (Double.isFinite(source.latest)) {
                latest.put(id, source.latest);
            }
        });
        return Clock.of(latest);
    }

    private static JsonArray json(List<BadLine> lines) {
        return JsonArray.of(lines.stream().map(line -> (Json) json(line)).toList());
    }

    private static JsonObject json(BadLine line) {
        return Json.object(
                "line", line.line(), "offset", line.offset(), "length", line.length(), "reason", line.reason());
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        Handshake known = header;
        String id = known == null ? null : known.id();
        lines.add("file        " + file + ", " + Listing.number(bytes) + " bytes");
        lines.add("id          " + (id == null ? "none" : Style.harmless(id)));
        if (known != null && known.meta() != null) {
            lines.add("meta        " + Style.harmless(known.meta().toString()));
        }
        lines.add("updates     " + Listing.number(history + following) + ", of these " + Listing.number(following)
                + " behind the history" + (signed == 0 ? "" : ", " + Listing.number(signed) + " signed"));
        lines.add("history     "
                + (synced ? "complete" : headers == 0 ? "without header or end" : "without end: not complete"));
        if (outOfOrder > 0) {
            lines.add("order       " + Listing.number(outOfOrder)
                    + " updates are older than one of their source before them");
        }
        lines.add("sources     " + Listing.number(sources.size()) + ", " + Listing.number(clock.size())
                + " in the header's clock");
        sources.entrySet().stream().limit(Listing.SHOWN).forEach(entry -> lines.add("  " + source(entry)));
        Listing.more(lines, sources.size());
        BadLine tail = torn;
        lines.add("torn tail   " + (tail == null ? "none" : tail));
        lines.add("bad lines   " + (badCount == 0 ? "none" : Listing.number(badCount)));
        show(lines, badLines, badCount);
        if (security != null) {
            lines.add("unverified  " + (unverifiedCount == 0 ? "none" : Listing.number(unverifiedCount)));
            show(lines, unverified, unverifiedCount);
        }
        return lines;
    }

    private static String source(Map.Entry<String, Source> entry) {
        Source source = entry.getValue();
        String date = Listing.date(source.latest);
        String when = date == null ? "" : " (" + date + ")";
        return Style.harmless(entry.getKey()) + "  updates " + Listing.number(source.updates) + ", bytes "
                + Listing.number(source.bytes) + ", latest " + JsonWriter.text(source.latest) + when;
    }

    private static void show(List<String> lines, List<BadLine> bad, long count) {
        bad.stream().limit(Listing.SHOWN).forEach(line -> lines.add("  " + Style.harmless(line.toString())));
        Listing.more(lines, count);
    }
}
