package dev.scuttlebutt.types;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scuttlebutt.Pipe;
import dev.scuttlebutt.ReplicaOptions;
import dev.scuttlebutt.SettableTime;
import dev.scuttlebutt.json.Json;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UndoStackTest {
    private final SettableTime time = new SettableTime(1000);
    private final RString text = new RString(ReplicaOptions.defaults().id("A").time(time));
    private final RString other = new RString(ReplicaOptions.defaults().id("B").time(time));
    private final UndoStack stack = text.undoStack();

    private void later() {
        time.set(time.millis() + 10_000);
    }

    @Test
    void insertionDeletionAndReplacement_areUndoneAndRedone() {
        text.insert(0, "hello");
        later();
        text.delete(0, 1);
        later();
        text.replace(0, 3, "XY");
        assertThat(text.text()).isEqualTo("XYo");
        assertThat(stack.undo()).isTrue();
        assertThat(text.text()).isEqualTo("ello");
        assertThat(stack.undo()).isTrue();
        assertThat(text.text()).isEqualTo("hello");
        assertThat(stack.redo()).isTrue();
        assertThat(text.text()).isEqualTo("ello");
        assertThat(stack.undo()).isTrue();
        assertThat(stack.undo()).isTrue();
        assertThat(text.text()).isEmpty();
        assertThat(stack.canUndo()).isFalse();
        assertThat(stack.undo()).isFalse();
        assertThat(stack.redo()).isTrue();
        assertThat(stack.redo()).isTrue();
        assertThat(stack.redo()).isTrue();
        assertThat(text.text()).isEqualTo("XYo");
        assertThat(stack.redo()).isFalse();
    }

    @Test
    void quickChanges_areOneGroup() {
        for (int i = 0; i < 5; i++) {
            text.insert(i, "a");
            time.set(time.millis() + 100);
        }
        stack.separate();
        text.append("b");
        later();
        stack.group(() -> {
            text.append("c");
            later();
            text.append("d");
        });
        text.append("e");
        stack.undo();
        assertThat(text.text()).isEqualTo("aaaaabcd");
        stack.undo();
        assertThat(text.text()).isEqualTo("aaaaab");
        int updates = text.history().size();
        stack.undo();
        assertThat(text.text()).isEqualTo("aaaaa");
        stack.undo();
        assertThat(text.text()).isEmpty();
        assertThat(text.history().size()).isLessThanOrEqualTo(updates + 2);
    }

    @Test
    void newChange_endsRedo() {
        text.append("a");
        later();
        text.append("b");
        stack.undo();
        text.append("c");
        assertThat(stack.canRedo()).isFalse();
        assertThat(stack.redo()).isFalse();
        assertThat(text.text()).isEqualTo("ac");
    }

    @Test
    void whatOthersWrote_stays() {
        Pipe.connect(text, other);
        text.insert(0, "hello world");
        later();
        text.delete(0, 6);
        other.insert(0, "remote ");
        other.append("!");
        stack.undo();
        assertThat(text.text()).isEqualTo("remote hello world!");
        stack.undo();
        assertThat(text.text()).isEqualTo("remote !");
        assertThat(other.text()).isEqualTo("remote !");
        stack.redo();
        assertThat(other.text()).isEqualTo("remote hello world!");
    }

    @Test
    void whatOthersDeletedOrReplaced_isLeftAlone() {
        RArray mine = new RArray(ReplicaOptions.defaults().id("A").time(time));
        RArray theirs = new RArray(ReplicaOptions.defaults().id("B").time(time));
        Pipe.connect(mine, theirs);
        UndoStack undo = mine.undoStack();
        mine.splice(0, 0, "a", "b", "c");
        later();
        mine.splice(0, 3, "A", "B", "C");
        theirs.remove(0);
        theirs.set(0, (Object) "theirs");
        assertThat(undo.undo()).isTrue();
        assertThat(mine.values()).isEqualTo(Json.array("theirs", "c").toList());
        assertThat(undo.redo()).isTrue();
        assertThat(mine.values()).isEqualTo(Json.array("theirs", "C").toList());
        theirs.set(1, (Object) "all theirs");
        assertThat(undo.undo()).isFalse();
        assertThat(theirs.values()).isEqualTo(Json.array("theirs", "all theirs").toList());
    }

    @Test
    void changesOfOthers_areNotUndone() {
        Pipe.connect(text, other);
        other.append("theirs");
        assertThat(stack.canUndo()).isFalse();
        assertThat(stack.undo()).isFalse();
        assertThat(text.text()).isEqualTo("theirs");
    }

    @Test
    void lines_areUndoneToo() {
        REdit edit = new REdit(ReplicaOptions.defaults().id("A").time(time));
        UndoStack undo = edit.undoStack(Duration.ZERO);
        edit.text("one\ntwo\n");
        later();
        edit.text("one\n2\nthree\n");
        undo.undo();
        assertThat(edit.text()).isEqualTo("one\ntwo\n");
        undo.redo();
        assertThat(edit.text()).isEqualTo("one\n2\nthree\n");
    }

    @Test
    void manyGroups_areBounded() {
        for (int i = 0; i < 1_500; i++) {
            text.append("x");
            later();
        }
        int undone = 0;
        while (stack.undo()) {
            undone++;
        }
        assertThat(undone).isEqualTo(1_000);
        assertThat(text.length()).isEqualTo(500);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void alone_everythingIsUndoneStepByStep(int seed) {
        Random random = new Random(seed);
        Deque<String> states = new ArrayDeque<>();
        for (int i = 0; i < 200; i++) {
            String before = text.text();
            text.replace(random.nextInt(text.length() + 1), random.nextInt(4), "abc".substring(random.nextInt(4)));
            if (!text.text().equals(before) || text.length() != before.length()) {
                states.push(before);
            }
            later();
        }
        String end = text.text();
        int undone = 0;
        while (stack.undo()) {
            undone++;
        }
        assertThat(text.text()).isEmpty();
        while (stack.redo()) {
            undone--;
        }
        assertThat(undone).isZero();
        assertThat(text.text()).isEqualTo(end);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void amongOthers_undoConverges(int seed) {
        Random random = new Random(seed);
        UndoStack theirs = other.undoStack();
        for (int round = 0; round < 20; round++) {
            Pipe pipe = round % 2 == 0 ? Pipe.connect(text, other) : null;
            for (int i = 0; i < 20; i++) {
                boolean mine = random.nextBoolean();
                RString writer = mine ? text : other;
                switch (random.nextInt(4)) {
                    case 0 -> (mine ? stack : theirs).undo();
                    case 1 -> (mine ? stack : theirs).redo();
                    default -> writer.replace(random.nextInt(writer.length() + 1), random.nextInt(3), "xyz");
                }
                later();
            }
            if (pipe != null) {
                assertThat(other.text()).isEqualTo(text.text());
                pipe.close();
            }
        }
        Pipe.connect(text, other);
        assertThat(other.text()).isEqualTo(text.text());
        assertThat(other.history()).isEqualTo(text.history());
    }
}
