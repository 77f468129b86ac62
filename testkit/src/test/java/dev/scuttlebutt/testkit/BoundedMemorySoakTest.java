package dev.scuttlebutt.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scuttlebutt.types.ExpiryModel;
import dev.scuttlebutt.types.Model;
import java.time.Duration;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Ten million sets and deletes on a thousand keys need no more memory than one million. */
@Tag("soak")
class BoundedMemorySoakTest {
    private static final int KEYS = 1_000;
    private static final int FEW = 1_000_000;
    private static final int MANY = 10_000_000;

    @Test
    void model_staysAsSmall() {
        Model model = new Model("soak");
        staysAsSmall("Model", model::set, model);
    }

    @Test
    void expiryModel_staysAsSmall() {
        ExpiryModel.Bounds bounds = ExpiryModel.Bounds.defaults().maxKeys(0).maxAge(Duration.ofDays(1));
        ExpiryModel model =
                new ExpiryModel(dev.scuttlebutt.ReplicaOptions.defaults().id("soak"), bounds);
        staysAsSmall("ExpiryModel", model::set, model);
    }

    private static void staysAsSmall(String type, BiConsumer<String, Object> set, Object alive) {
        Gen gen = Gen.seeded(1);
        long few = 0;
        for (int i = 1; i <= MANY; i++) {
            set.accept("key" + gen.below(KEYS), gen.percent(30) ? null : gen.percent(50) ? i : "text " + i);
            if (i == FEW) {
                few = usedHeap();
            }
        }
        long many = usedHeap();
        System.out.println(type + ": heap after " + FEW + " writes " + few + " bytes, after " + MANY + " " + many);

        assertThat(alive).isNotNull();
        assertThat(many).isLessThan(few + few / 10);
    }

    /** After collecting, so that garbage does not count. */
    private static long usedHeap() {
        Runtime runtime = Runtime.getRuntime();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            System.gc();
            least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
        }
        return least;
    }
}
