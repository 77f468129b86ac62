package dev.scuttlebutt.cli.command;

import dev.scuttlebutt.types.REdit;
import dev.scuttlebutt.types.RString;
import java.util.List;

/** The data types the command line knows. */
public final class Types {
    private static final List<TypeCommands<?>> ALL = List.of(
            new ModelCommands(),
            new EventsCommands(),
            new ValueCommands(),
            new AppendOnlyCommands(),
            new DocCommands(),
            new ExpiryModelCommands(),
            new ObjectCommands(),
            new ArrayCommands(),
            new TextCommands<>("edit", REdit::new),
            new TextCommands<>("string", RString::new),
            new BucketCommands(),
            new BoatCommands());

    private Types() {}

    /**
     * Returns the type of this name.
     *
     * @throws CommandException naming those there are
     */
    public static TypeCommands<?> named(String name) throws CommandException {
        for (TypeCommands<?> type : ALL) {
            if (type.name().equals(name)) {
                return type;
            }
        }
        throw new CommandException("unknown type " + name + "; "
                + Nearest.of(name, names())
                        .map(near -> "did you mean " + near + "? ")
                        .orElse("")
                + "known are " + String.join(", ", names()));
    }

    /** Returns the names of all. */
    public static List<String> names() {
        return ALL.stream().<String>map(TypeCommands::name).toList();
    }
}
