package dev.scuttlebutt.json;

/** {@link Json#TRUE} or {@link Json#FALSE}. */
public final class JsonBoolean extends JsonValue implements Json {
    static final JsonBoolean TRUE = new JsonBoolean(true);
    static final JsonBoolean FALSE = new JsonBoolean(false);

    private final boolean value;

    private JsonBoolean(boolean value) {
        this.value = value;
    }

    /** Returns the value. */
    public boolean value() {
        return value;
    }

    @Override
    public boolean asBoolean() {
        return value;
    }

    @Override
    public Boolean toJava() {
        return value;
    }

    @Override
    String kind() {
        return "a boolean";
    }
}
