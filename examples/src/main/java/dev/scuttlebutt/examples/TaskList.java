package dev.scuttlebutt.examples;

import dev.scuttlebutt.Pipe;
import dev.scuttlebutt.netty.TcpClient;
import dev.scuttlebutt.netty.TcpServer;
import dev.scuttlebutt.types.crdt.Doc;
import dev.scuttlebutt.types.crdt.Row;
import dev.scuttlebutt.types.crdt.RowSequence;
import dev.scuttlebutt.types.crdt.RowSet;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A list of tasks that several people edit at once, each in a terminal of their own. The first opens a port, the second
 * joins:
 *
 * <pre>
 * java dev.scuttlebutt.examples.TaskList ada 7777
 * java dev.scuttlebutt.examples.TaskList grace 127.0.0.1:7777
 * </pre>
 *
 * <p>Then type {@code add buy milk}, {@code done 1}, {@code move 3 1}, {@code rename 2 call home}, {@code remove 1} or
 * {@code quit}. Leave, go on alone, and come back. Without arguments two people meet inside one program.
 */
public final class TaskList {

    /**
     * A row of the document.
     *
     * @param id null until the document has given it one
     */
    public record Task(@Nullable String id, String title, boolean done, String by) {}

    private final Doc doc;
    private final RowSequence tasks;

    /** What the screen shows. Kept by the events alone, as a window toolkit would. */
    private final List<Task> shown = new ArrayList<>();

    /**
     * Creates an empty list.
     *
     * @param screen is told whenever there is something new to show
     */
    public TaskList(String name, Consumer<TaskList> screen) {
        doc = new Doc(name);
        tasks = doc.createSequence("list", "tasks");
        tasks.follow(event -> {
            apply(event);
            screen.accept(this);
        });
    }

    private void apply(RowSet.Event event) {
        if (event instanceof RowSet.Started started) {
            started.states().forEach(state -> shown.add(state.as(Task.class)));
        } else if (event instanceof RowSet.Added added) {
            shown.add(added.index(), added.state().as(Task.class));
        } else if (event instanceof RowSet.Changed changed) {
            shown.set(changed.index(), changed.state().as(Task.class));
        } else if (event instanceof RowSet.Moved moved) {
            shown.add(moved.to(), shown.remove(moved.from()));
        } else if (event instanceof RowSet.Removed removed) {
            shown.remove(removed.index());
        }
    }

    /** Does what one line says. */
    public void run(String line) {
        String[] words = line.strip().split(" ", 2);
        String rest = words.length < 2 ? "" : words[1];
        String[] numberAndMore = rest.split(" ", 2);
        switch (words[0]) {
            case "add" -> tasks.push(new Task(null, rest, false, doc.id()));
            case "done" -> edit(rest, rest, true);
            case "rename" -> edit(numberAndMore[0], numberAndMore[1], false);
            case "move" -> tasks.insert(index(numberAndMore[1]), row(numberAndMore[0]));
            case "remove" -> row(rest).remove();
            default ->
                throw new IllegalArgumentException(
                        "type: add TITLE, done N, rename N TITLE, move N TO, remove N, quit");
        }
    }

    /** Writes the field that differs and no other: what somebody else writes at the same time stays. */
    private void edit(String number, String title, boolean done) {
        row(number)
                .edit(
                        Task.class,
                        task -> done
                                ? new Task(task.id(), task.title(), true, task.by())
                                : new Task(task.id(), title, task.done(), task.by()));
    }

    private Row row(String number) {
        return Objects.requireNonNull(tasks.at(index(number)), () -> "there is no task " + number);
    }

    private static int index(String number) {
        return Integer.parseInt(number.strip()) - 1;
    }

    /** Returns what is on the screen. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(doc.id()).append(" sees\n");
        for (int i = 0; i < shown.size(); i++) {
            Task task = shown.get(i);
            text.append("%d [%s] %s (%s)%n".formatted(i + 1, task.done() ? "x" : " ", task.title(), task.by()));
        }
        return text.toString();
    }

    /** Runs the example. */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length == 2) {
            terminal(arguments[0], arguments[1]);
        } else {
            meeting();
        }
    }

    private static void meeting() {
        TaskList ada = new TaskList("ada", screen -> {});
        TaskList grace = new TaskList("grace", screen -> {});
        try (Pipe line = Pipe.connect(ada.doc, grace.doc)) {
            ada.run("add buy milk");
            grace.run("add call home");
            grace.run("add sow beans");
        }
        // Nobody is linked; both go on with the same tasks.
        ada.run("move 3 1");
        ada.run("rename 1 sow peas");
        grace.run("done 3");
        grace.run("remove 1");
        Pipe.connect(ada.doc, grace.doc);
        System.out.print(ada);
        System.out.print(grace);
    }

    private static void terminal(String name, String where) throws IOException {
        TaskList list = new TaskList(name, System.out::print);
        int colon = where.lastIndexOf(':');
        int port = Integer.parseInt(where.substring(colon + 1));
        if (colon < 0) {
            try (TcpServer server = TcpServer.listen(list.doc, "127.0.0.1", port)) {
                list.obeyUntilQuit();
            }
        } else {
            try (TcpClient client = TcpClient.connect(list.doc, where.substring(0, colon), port)) {
                list.obeyUntilQuit();
            }
        }
    }

    private void obeyUntilQuit() throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()));
        for (String line = in.readLine(); line != null && !line.equals("quit"); line = in.readLine()) {
            try {
                run(line);
            } catch (RuntimeException mistake) {
                System.out.println(mistake.getMessage());
            }
        }
    }
}
