package dev.scuttlebutt.cli.command;

import dev.scuttlebutt.ReplicaEvent;
import dev.scuttlebutt.ReplicaOptions;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.types.crdt.Doc;
import dev.scuttlebutt.types.crdt.Row;
import dev.scuttlebutt.types.crdt.RowSequence;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code --type doc}. */
final class DocCommands extends TypeCommands<Doc> {
    private static final Verb.Completion<Doc> ROW = (doc, index) -> index == 0 ? ids(doc) : List.of();
    private static final Verb.Completion<Doc> ROW_BEHIND_OBJECT = (doc, index) -> index == 3 ? ids(doc) : List.of();

    DocCommands() {
        super(
                "doc",
                List.of(
                        Verb.of("add", "OBJECT", "add a row or write into it; its id", DocCommands::add),
                        Verb.<Doc>of("set", "ROW OBJECT", "write fields of a row", DocCommands::set)
                                .completing(ROW),
                        Verb.<Doc>of("rm", "ROW", "delete a row", DocCommands::remove)
                                .completing(ROW),
                        Verb.<Doc>of("get", "ROW", "fields of a row, null if there is none", DocCommands::get)
                                .completing(ROW),
                        Verb.of("members", "FIELD VALUE", "ids of the rows with this value", DocCommands::members),
                        Verb.of("sequence", "FIELD VALUE", "the same in the order people made", DocCommands::sequence),
                        Verb.of("push", "FIELD VALUE OBJECT", "add a row at the end of a sequence", DocCommands::push),
                        Verb.<Doc>of(
                                        "before",
                                        "FIELD VALUE OBJECT ROW",
                                        "add a row right before another",
                                        DocCommands::before)
                                .completing(ROW_BEHIND_OBJECT),
                        Verb.<Doc>of(
                                        "after",
                                        "FIELD VALUE OBJECT ROW",
                                        "add a row right after another",
                                        DocCommands::after)
                                .completing(ROW_BEHIND_OBJECT),
                        Verb.<Doc>of(
                                        "move",
                                        "FIELD VALUE ROW after ROW2",
                                        "move a row right behind another, or before",
                                        DocCommands::move)
                                .completing((doc, index) -> switch (index) {
                                    case 2, 4 -> ids(doc);
                                    case 3 -> List.of("after", "before");
                                    default -> List.of();
                                })));
    }

    private static List<String> ids(Doc doc) {
        return doc.rows().stream().map(Row::id).toList();
    }

    @Override
    public Doc create(ReplicaOptions options) {
        return new Doc(options);
    }

    @Override
    public void show(ReplicaEvent event, EventSink out) {
        if (event instanceof Doc.Superseded superseded) {
            out.show("_remove", superseded.update().toJson());
        } else if (event instanceof Doc.RowAdded added) {
            out.show("add", added.state());
            out.show("create", added.state());
            out.show("update", added.update().toJson());
            out.show("row_update", added.state());
        } else if (event instanceof Doc.RowChanged changed) {
            out.show("update", changed.update().toJson());
            out.show("row_update", changed.state());
        } else if (event instanceof Doc.RowRemoved removed) {
            out.show("remove", Json.object("id", removed.row().id()));
            out.show("update", removed.update().toJson());
        }
    }

    private static Json add(Doc doc, Arguments arguments) throws CommandException {
        return Json.of(doc.add(arguments.object(0)).id());
    }

    private static @Nullable Json set(Doc doc, Arguments arguments) throws CommandException {
        doc.set(arguments.text(0), arguments.object(1));
        return null;
    }

    private static @Nullable Json remove(Doc doc, Arguments arguments) throws CommandException {
        doc.remove(arguments.text(0));
        return null;
    }

    private static @Nullable Json get(Doc doc, Arguments arguments) throws CommandException {
        Row row = doc.row(arguments.text(0));
        return row.exists() ? row.toJson() : null;
    }

    private static Json members(Doc doc, Arguments arguments) throws CommandException {
        return Json.of(doc.createSet(arguments.text(0), arguments.value(1)).ids());
    }

    private static Json sequence(Doc doc, Arguments arguments) throws CommandException {
        return Json.of(sequenceOf(doc, arguments).ids());
    }

    private static Json push(Doc doc, Arguments arguments) throws CommandException {
        Json row = arguments.object(2);
        return Json.of(sequenceOf(doc, arguments).push(row).id());
    }

    private static Json before(Doc doc, Arguments arguments) throws CommandException {
        Json row = arguments.object(2);
        Row next = member(doc, arguments, 3);
        return Json.of(sequenceOf(doc, arguments).before(row, next).id());
    }

    private static Json after(Doc doc, Arguments arguments) throws CommandException {
        Json row = arguments.object(2);
        Row previous = member(doc, arguments, 3);
        return Json.of(sequenceOf(doc, arguments).after(row, previous).id());
    }

    private static @Nullable Json move(Doc doc, Arguments arguments) throws CommandException {
        Row row = doc.row(arguments.text(2));
        if (!row.exists()) {
            throw new CommandException("there is no row " + arguments.word(2));
        }
        Row other = member(doc, arguments, 4);
        switch (arguments.word(3)) {
            case "after" -> sequenceOf(doc, arguments).after(row, other);
            case "before" -> sequenceOf(doc, arguments).before(row, other);
            default -> throw new CommandException("move takes after or before, found " + arguments.word(3));
        }
        return null;
    }

    private static RowSequence sequenceOf(Doc doc, Arguments arguments) throws CommandException {
        return doc.createSequence(arguments.text(0), arguments.value(1));
    }

    /** A typing error would otherwise put the row at one of the ends. */
    private static Row member(Doc doc, Arguments arguments, int index) throws CommandException {
        Row row = doc.row(arguments.text(index));
        RowSequence sequence = sequenceOf(doc, arguments);
        if (!sequence.contains(row)) {
            throw new CommandException(
                    arguments.word(index) + " is not in the sequence " + arguments.word(0) + " " + arguments.word(1));
        }
        return row;
    }
}
