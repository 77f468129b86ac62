package dev.scuttlebutt.examples;

import dev.scuttlebutt.Pipe;
import dev.scuttlebutt.types.GossipObject;
import java.util.List;

/** A nested object, written by path: those who write different paths do not disturb each other. */
public final class Profile {
    private Profile() {}

    /** Runs the example. */
    public static void main(String[] arguments) {
        GossipObject desk = new GossipObject("desk");
        GossipObject phone = new GossipObject("phone");
        Pipe link = Pipe.connect(desk, phone);
        desk.transact()
                .set(List.of("name", "given"), "Ada")
                .set(List.of("name", "family"), "Byron")
                .set(List.of("address", "city"), "London")
                .execute(); // one update
        link.close();

        desk.set(List.of("name", "family"), "Lovelace");
        phone.set(List.of("address", "street"), "St James's Square");
        Pipe.connect(desk, phone);

        System.out.println(phone.toJson());
        System.out.println("family name: " + phone.get(List.of("name", "family"), String.class));
        System.out.println("equal: " + desk.toJson().equals(phone.toJson()));
    }
}
