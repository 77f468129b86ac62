package dev.scuttlebutt.bench.scenarios;

import dev.scuttlebutt.bench.Measurement;
import dev.scuttlebutt.bench.Scenario;
import dev.scuttlebutt.bench.Stopwatch;
import dev.scuttlebutt.bench.Unit;
import dev.scuttlebutt.bench.Work;
import dev.scuttlebutt.types.AppendOnly;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Items pushed to a feed, the older of two removed again. The original is in no registry. */
public final class FeedPushes implements Scenario {
    private static final Unit ITEMS = new Unit("items/s", true);

    private record Note(String text, int number) {}

    @Override
    public String name() {
        return "feed-push";
    }

    @Override
    public String title() {
        return "push 50,000 items, remove every other";
    }

    @Override
    public Unit unit() {
        return ITEMS;
    }

    @Override
    public @Nullable String original() {
        return null;
    }

    @Override
    public Work work(Work base) {
        return base.with("items", 50_000);
    }

    @Override
    public Measurement measure(Work work) throws IOException {
        int items = work.count("items");
        double held = 0;
        Stopwatch watch = new Stopwatch(work);
        while (watch.running()) {
            AppendOnly feed = new AppendOnly("bench");
            String older = "";
            watch.start();
            for (int i = 0; i < items; i++) {
                String id = feed.push(new Note("an item of a feed", i));
                if (i % 2 == 0) {
                    older = id;
                } else {
                    feed.remove(older);
                }
            }
            watch.stop(items);
            held = feed.history().size();
        }
        return watch.rate(Map.of("updates held", held));
    }
}
