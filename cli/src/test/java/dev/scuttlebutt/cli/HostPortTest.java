package dev.scuttlebutt.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostPortTest {
    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:7000, 127.0.0.1, 7000",
        "localhost:0, localhost, 0",
        "[::1]:65535, ::1, 65535",
        "[fe80::1%eth0]:1, fe80::1%eth0, 1",
        "a-b.example:80, a-b.example, 80"
    })
    void parse_readsWhatToStringWrites(String text, String host, int port) {
        HostPort parsed = HostPort.parse(text);

        assertThat(parsed).isEqualTo(new HostPort(host, port));
        assertThat(parsed).hasToString(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "7000 | the port is missing",
                "localhost | the port is missing",
                "localhost: | the port is missing",
                "[::1] | the port is missing",
                ":7000 | the host is missing",
                "::1:7000 | an IPv6 address stands in brackets, as in [::1]:7000",
                "[localhost]:7000 | brackets are for an IPv6 address, as in [::1]:7000",
                "[::1:7000 | brackets are for an IPv6 address, as in [::1]:7000",
                "a:65536 | a port is a number from 0 to 65535",
                "a:-1 | a port is a number from 0 to 65535",
                "a:7e3 | a port is a number from 0 to 65535",
                "a:٣ | a port is a number from 0 to 65535",
                "a:000000001 | a port is a number from 0 to 65535"
            })
    void mistake_isNamed(String text, String why) {
        assertThatThrownBy(() -> HostPort.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("expected HOST:PORT, found \"" + text + "\": " + why);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ":", "[]:1"})
    void nothing_isNoAddress(String text) {
        assertThatThrownBy(() -> HostPort.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void port0_isNobodyToConnectTo() {
        assertThatThrownBy(() -> HostPort.parse("a:0").checkIsPeer()).hasMessageContaining("nobody listens on port 0");
    }
}
