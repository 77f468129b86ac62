package dev.scuttlebutt.types.sequence;

import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonArray;
import dev.scuttlebutt.json.JsonNumber;
import dev.scuttlebutt.json.JsonObject;
import dev.scuttlebutt.json.JsonString;
import dev.scuttlebutt.json.JsonWriter;

/** The text that JavaScript makes of any value, for example where {@code join} puts items together. */
public final class JsText {
    private JsText() {}

    /** Returns the text of a value. */
    public static String of(Json value) {
        if (value instanceof JsonString string) {
            return string.value();
        } else if (value instanceof JsonNumber number) {
            return JsonWriter.text(number.value());
        } else if (value instanceof JsonObject) {
            return "[object Object]";
        } else if (value instanceof JsonArray array) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < array.size(); i++) {
                text.append(i == 0 ? "" : ",").append(array.get(i).isNull() ? "" : of(array.get(i)));
            }
            return text.toString();
        }
        return value.toString();
    }
}
