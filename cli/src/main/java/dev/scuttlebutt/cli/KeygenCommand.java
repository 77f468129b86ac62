package dev.scuttlebutt.cli;

import dev.scuttlebutt.security.KeyId;
import dev.scuttlebutt.security.KeyRing;
import dev.scuttlebutt.security.Pem;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code scuttlebutt keygen}: a key pair in the forms the original reads. */
@Command(
        name = "keygen",
        header = "Makes a key pair and prints the id that belongs to it.",
        description =
                "The private key goes to FILE, which only its owner can read, the public key to FILE.pem. RSA keys are "
                        + "written as PKCS#1, as scuttlebutt/security reads them; its peers need FILE.pem exactly as it is.",
        sortOptions = false,
        footer = {"", "Example:", "  scuttlebutt keygen ~/.keys/ada"})
final class KeygenCommand implements Callable<Integer> {
    private static final int MAX_BITS = 16_384;

    private final Io io;

    @Spec
    @SuppressWarnings("NullAway.Init") // injected by picocli before call()
    private CommandSpec spec;

    /** What keys there are. */
    enum Type {
        rsa,
        ed25519
    }

    @Option(
            names = "--type",
            paramLabel = "TYPE",
            defaultValue = "rsa",
            description = "rsa (default), or ed25519 to sign for documents among Java peers.")
    private Type type = Type.rsa;

    @Option(
            names = "--bits",
            paramLabel = "N",
            defaultValue = "3072",
            description = "Size of an RSA key, from 2048 on; ${DEFAULT-VALUE} by default.")
    private int bits;

    @Option(
            names = "--passphrase",
            description = "Keep the private key under a passphrase: asked for, or taken from SCUTTLEBUTT_PASSPHRASE. "
                    + "The original then needs it too.")
    private boolean passphrase;

    @Parameters(paramLabel = "FILE", description = "Where to write; must not be there yet.")
    @SuppressWarnings("NullAway.Init") // required
    private Path file;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    KeygenCommand(Io io) {
        this.io = io;
    }

    @Override
    public Integer call() throws IOException, GeneralSecurityException {
        if (type == Type.rsa && (bits < KeyRing.MINIMUM_BITS || bits > MAX_BITS)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--bits: an RSA key has from " + KeyRing.MINIMUM_BITS + " to " + MAX_BITS + " bits, not " + bits);
        }
        Path publicFile = file.resolveSibling(file.getFileName() + ".pem");
        if (Files.exists(publicFile)) {
            throw KeyFiles.alreadyThere(publicFile);
        }
        char[] secret = passphrase ? KeyFiles.askNewPassphrase(io) : new char[0];
        KeyPair pair = generate();
        String publicText = Pem.text(pair.getPublic());
        KeyFiles.writeSecret(file, passphrase ? Pem.text(pair.getPrivate(), secret) : Pem.text(pair.getPrivate()));
        KeyFiles.writePublic(publicFile, publicText);
        PrintWriter out = new PrintWriter(io.out(), true, StandardCharsets.UTF_8);
        out.println(type == Type.rsa ? KeyId.ofText(publicText) : KeyId.of(pair.getPublic()));
        return 0;
    }

    private KeyPair generate() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(type == Type.rsa ? "RSA" : "Ed25519");
        if (type == Type.rsa) {
            generator.initialize(bits);
        }
        return generator.generateKeyPair();
    }
}
