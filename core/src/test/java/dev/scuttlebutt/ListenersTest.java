package dev.scuttlebutt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scuttlebutt.types.Model;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

class ListenersTest {
    private final Model model = new Model("A");
    private final List<String> log = new ArrayList<>();

    @Test
    void on_recordClass_hearsThatClassAlone() {
        model.on(Model.Changed.class, changed -> log.add(changed.key()));
        model.set("k", 1);
        model.set("k", 2);

        assertThat(log).containsExactly("k", "k");
    }

    @Test
    void on_interface_hearsEverythingUnderIt() {
        Heard heard = Heard.from(model);
        model.on(SessionEvent.class, event -> log.add(event.getClass().getSimpleName()));
        model.set("k", 1);
        model.open().close();

        assertThat(log).containsExactly("Closed");
        assertThat(heard.names()).containsExactly("Changed", "Applied", "Closed");
    }

    @Test
    void listeners_areCalledInTheOrderInWhichTheyCame() {
        model.on(Model.Changed.class, changed -> log.add("first"));
        model.on(ReplicaEvent.Applied.class, applied -> log.add("applied"));
        model.on(ReplicaEvent.class, any -> log.add("any"));
        model.on(Model.Changed.class, changed -> log.add("second"));
        model.set("k", 1);

        assertThat(log).containsExactly("first", "any", "second", "applied", "any");
    }

    @Test
    void close_endsTheCalls() {
        Subscription subscription = model.on(Model.Changed.class, changed -> log.add("heard"));
        model.set("k", 1);
        subscription.close();
        subscription.close();
        model.set("k", 2);

        assertThat(log).containsExactly("heard");
    }

    @Test
    void close_byAnEarlierListenerOfTheSameEvent_takesEffectAtOnce() {
        AtomicReference<Subscription> second = new AtomicReference<>();
        model.on(Model.Changed.class, changed -> second.get().close());
        second.set(model.on(Model.Changed.class, changed -> log.add("heard")));
        model.set("k", 1);

        assertThat(log).isEmpty();
    }

    @Test
    void sameListenerTwice_isHeardTwiceAndClosedOneByOne() {
        java.util.function.Consumer<Model.Changed> listener = changed -> log.add("heard");
        Subscription one = model.on(Model.Changed.class, listener);
        model.on(Model.Changed.class, listener);
        model.set("k", 1);
        one.close();
        model.set("k", 2);

        assertThat(log).containsExactly("heard", "heard", "heard");
    }

    @Test
    void listenerAddedByAListener_hearsTheNextEvent() {
        model.on(Model.Changed.class, changed -> {
            if (log.isEmpty()) {
                log.add("added at " + changed.value());
                model.on(Model.Changed.class, later -> log.add("heard " + later.value()));
            }
        });
        model.set("k", 1);
        model.set("k", 2);

        assertThat(log).containsExactly("added at 1", "heard 2");
    }

    @Test
    void listenerThatThrows_isReportedAndDoesNotDisturbTheOthers() {
        AssertionError failure = new AssertionError("on purpose");
        model.on(Model.Changed.class, changed -> {
            throw failure;
        });
        model.on(Model.Changed.class, changed -> log.add("second"));
        Heard heard = Heard.from(model);
        model.set("k", 1);

        assertThat(log).containsExactly("second");
        ReplicaEvent.ListenerFailed failed = heard.only(ReplicaEvent.ListenerFailed.class);
        assertThat(failed.failure()).isSameAs(failure);
        assertThat(failed.event()).isInstanceOf(Model.Changed.class);
        assertThat(model.get("k")).hasToString("1");
    }

    @Test
    void listenerThatThrows_withNobodyToTell_isLogged() {
        assertThat(logged(() -> {
                    model.on(Model.Changed.class, changed -> {
                        throw new IllegalStateException("on purpose");
                    });
                    model.set("k", 1);
                }))
                .singleElement()
                .satisfies(record -> {
                    assertThat(record.getMessage()).contains("Model$Changed");
                    assertThat(record.getThrown()).hasMessage("on purpose");
                });
    }

    @Test
    void listenerOfFailuresThatThrows_isLoggedAndNotToldOfItself() {
        model.on(ReplicaEvent.ListenerFailed.class, failed -> {
            log.add("told");
            throw new IllegalStateException("again");
        });
        model.on(Model.Changed.class, changed -> {
            throw new IllegalStateException("first");
        });
        assertThat(logged(() -> model.set("k", 1)))
                .singleElement()
                .satisfies(record -> assertThat(record.getThrown()).hasMessage("again"));
        assertThat(log).containsExactly("told");
    }

    @Test
    void changeInListener_takesEffectAtOnce_andItsEventsFollow() {
        model.on(Model.Changed.class, changed -> {
            log.add("begin " + changed.key());
            if (changed.key().equals("a")) {
                model.set("b", 1);
                log.add("b is " + model.get("b"));
            }
            log.add("end " + changed.key());
        });
        model.set("a", 1);

        assertThat(log).containsExactly("begin a", "b is 1", "end a", "begin b", "end b");
    }

    private static List<LogRecord> logged(Runnable action) {
        Logger logger = Logger.getLogger("dev.scuttlebutt");
        List<LogRecord> records = new ArrayList<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord record) {
                records.add(record);
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        boolean parents = logger.getUseParentHandlers();
        logger.addHandler(handler);
        logger.setUseParentHandlers(false);
        try {
            action.run();
        } finally {
            logger.removeHandler(handler);
            logger.setUseParentHandlers(parents);
        }
        return records;
    }
}
