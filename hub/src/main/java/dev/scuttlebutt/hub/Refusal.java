package dev.scuttlebutt.hub;

import io.netty.handler.codec.http.HttpResponseStatus;

/** A request that is not granted, in words for whoever made it. */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final CloseCode code;
    private final transient HttpResponseStatus status;

    Refusal(CloseCode code, HttpResponseStatus status, String message) {
        super(message, null, false, false);
        this.code = code;
        this.status = status;
    }

    /** What a WebSocket is closed with. */
    CloseCode code() {
        return code;
    }

    /** What a request is answered with. */
    HttpResponseStatus status() {
        return status;
    }

    static Refusal badName(String message) {
        return new Refusal(CloseCode.BAD_NAME, HttpResponseStatus.BAD_REQUEST, message);
    }

    static Refusal noToken() {
        return new Refusal(
                CloseCode.NO_TOKEN,
                HttpResponseStatus.UNAUTHORIZED,
                "a token is needed: send it as \"Authorization: Bearer TOKEN\", or as ?token=TOKEN");
    }

    static Refusal unknownToken() {
        return new Refusal(CloseCode.NO_TOKEN, HttpResponseStatus.UNAUTHORIZED, "the token is not known");
    }

    static Refusal noRight(Rights needed, String name) {
        return new Refusal(
                CloseCode.NO_RIGHT,
                HttpResponseStatus.FORBIDDEN,
                "the right to " + needed.text() + " \"" + name + "\" is missing");
    }

    static Refusal notFound(String name) {
        return new Refusal(CloseCode.NO_TYPE, HttpResponseStatus.NOT_FOUND, "there is no document \"" + name + "\"");
    }
}
