package dev.scuttlebutt.examples;

import dev.scuttlebutt.Pipe;
import dev.scuttlebutt.types.RArray;
import java.util.List;

/** A list that several people insert into at once: what each of them inserts stays together and in order. */
public final class Playlist {
    private Playlist() {}

    /** What an item is. */
    public record Song(String title, int seconds) {}

    /** Runs the example. */
    public static void main(String[] arguments) {
        RArray kitchen = new RArray("kitchen");
        RArray garden = new RArray("garden");
        Pipe link = Pipe.connect(kitchen, garden);
        kitchen.push(new Song("Overture", 320));
        String last = kitchen.push(new Song("Finale", 280));
        link.close();

        kitchen.splice(1, 0, new Song("Waltz", 200), new Song("Polka", 150));
        garden.splice(1, 0, new Song("March", 180), new Song("Gavotte", 160));
        Pipe.connect(kitchen, garden);

        List<Song> songs = garden.asList(Song.class); // shows the list as it is, and writes into it
        songs.remove(0);
        kitchen.asList(Song.class).forEach(song -> System.out.println(song.title() + " " + song.seconds()));
        System.out.println("the finale is number " + kitchen.indexOfKey(last));
    }
}
