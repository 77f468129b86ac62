package dev.scuttlebutt.bench.scenarios;

import dev.scuttlebutt.bench.Goal;
import dev.scuttlebutt.bench.Scenario;
import dev.scuttlebutt.bench.Unit;
import dev.scuttlebutt.bench.Work;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Something done with the whole {@link EditingTrace}, beside yjs, as r-string would take hours. */
abstract class TextScenario implements Scenario {
    static final Unit EDITS = new Unit("edits/s", true);
    static final Unit SECONDS = new Unit("s", false);
    static final Unit MEGABYTES = new Unit("MB", false);

    private final String name;
    private final String title;
    private final Unit unit;
    private final @Nullable Goal goal;

    TextScenario(String name, String title, Unit unit, @Nullable Goal goal) {
        this.name = name;
        this.title = title;
        this.unit = unit;
        this.goal = goal;
    }

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final String title() {
        return title;
    }

    @Override
    public final Unit unit() {
        return unit;
    }

    @Override
    public final @Nullable Goal goal() {
        return goal;
    }

    @Override
    public @Nullable String original() {
        return name + ".js";
    }

    @Override
    public String beside() {
        return "yjs";
    }

    @Override
    public final List<String> traces() {
        return List.of(EditingTrace.FILE);
    }

    @Override
    public int repetitions(int usual) {
        // Of what stands beside, a process takes a third of a minute.
        return (usual + 1) / 2;
    }

    @Override
    public final Work work(Work base) {
        return base.with("edits", EditingTrace.EDITS);
    }
}
