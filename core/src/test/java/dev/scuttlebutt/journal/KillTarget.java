package dev.scuttlebutt.journal;

import dev.scuttlebutt.types.Model;
import java.nio.file.Path;
import java.time.Duration;

/** A process that writes without a pause and says what was acknowledged, until it is killed. */
final class KillTarget {
    private static final int THREADS = 3;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private KillTarget() {}

    static Durability durability(String level) {
        return switch (level) {
            case "none" -> Durability.none();
            case "interval" -> Durability.interval(Duration.ofMillis(3));
            default -> Durability.everyUpdate();
        };
    }

    /** Arguments: file, level, a name for the keys of this run. */
    public static void main(String[] arguments) throws Exception {
        Model model = new Model();
        JournalOptions options =
                JournalOptions.defaults().durability(durability(arguments[1])).compact(1, 20_000);
        FileJournal journal = FileJournal.open(Path.of(arguments[0]), model, options);
        say("ready " + model.id());
        for (int t = 0; t < THREADS; t++) {
            String key = arguments[2] + "-" + t;
            new Thread(() -> write(model, journal, key)).start();
        }
    }

    private static void write(Model model, FileJournal journal, String key) {
        try {
            for (int i = 0; ; i++) {
                model.set(key, i);
                if (!journal.await(journal.position(), PATIENCE)) {
                    say("late " + key + " " + journal.failure());
                }
                say("safe " + key + " " + i);
            }
        } catch (Exception failed) {
            say("failed " + failed);
        }
    }

    private static void say(String line) {
        synchronized (System.out) {
            System.out.println(line);
            System.out.flush();
        }
    }
}
