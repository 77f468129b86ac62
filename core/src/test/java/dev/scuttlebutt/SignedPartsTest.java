package dev.scuttlebutt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scuttlebutt.types.Model;
import dev.scuttlebutt.types.Scuttlebucket;
import org.junit.jupiter.api.Test;

/** SB-6: buckets of the original do not sign, and a verifying one took what was forged. */
class SignedPartsTest {
    private final ToySecurity security = new ToySecurity("A");
    private final Scuttlebucket bucket =
            new Scuttlebucket(ReplicaOptions.defaults().security(security).time(new SettableTime(100)));
    private final Model model = bucket.add("sub", Scuttlebucket::new).add("m", Model::new);

    @Test
    void changeOfAPart_isSignedInItsOutermostForm() {
        model.set("k", 1);

        assertThat(security.signed).containsExactly("[[\"sub\",[\"m\",[\"k\",1]]],100,\"A\"]");
        assertThat(bucket.history().get(0).signature()).isNotNull();
        assertThat(model.history().get(0).signature()).isNull();
    }

    @Test
    void forgedUpdate_reachesNoPart_andMovesNoClock() {
        Heard heard = Heard.from(bucket);
        Update forged = Update.parse("[[\"sub\",[\"m\",[\"k\",1]]],200,\"B\",\"forged\"]");

        assertThat(bucket.apply(forged)).isEqualTo(Outcome.UNVERIFIED);
        assertThat(model.has("k")).isFalse();
        assertThat(bucket.clock().isEmpty()).isTrue();
        assertThat(heard.only(ReplicaEvent.Unverified.class).update()).isEqualTo(forged);
    }

    @Test
    void signedChange_isTakenByAVerifyingBucket() {
        Scuttlebucket other = new Scuttlebucket(
                ReplicaOptions.defaults().security(new ToySecurity("B")).time(new SettableTime(100)));
        Model otherModel = other.add("sub", Scuttlebucket::new).add("m", Model::new);
        Pipe.connect(bucket, other);
        model.set("k", 1);

        assertThat(otherModel.get("k")).hasToString("1");
        assertThat(other.history()).isEqualTo(bucket.history());
    }
}
