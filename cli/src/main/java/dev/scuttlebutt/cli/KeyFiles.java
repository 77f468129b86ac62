package dev.scuttlebutt.cli;

import dev.scuttlebutt.security.KeyRing;
import dev.scuttlebutt.security.Pem;
import java.io.Console;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.PrivateKey;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Keys in files. What goes wrong is told with the name of the file, and never with what is in it. */
final class KeyFiles {
    static final String PASSPHRASE = "SCUTTLEBUTT_PASSPHRASE";

    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    private static final int MAX_BYTES = 1 << 17;

    private KeyFiles() {}

    static PrivateKey readPrivate(Path file, Io io) throws IOException {
        String text = read(file);
        warnIfOpen(file, io);
        try {
            char[] passphrase = Pem.isEncrypted(text) ? askPassphrase("Passphrase of " + file + ": ", io) : null;
            return OpenSshKeys.isOne(text) ? OpenSshKeys.read(text, passphrase) : Pem.privateKey(text, passphrase);
        } catch (IllegalArgumentException unusable) {
            throw explained(file, unusable);
        }
    }

    static String read(Path file) throws IOException {
        if (Files.size(file) > MAX_BYTES) {
            throw new IOException(file + ": a key has at most " + MAX_BYTES + " bytes, this has " + Files.size(file));
        }
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }

    /** Adds what is in a file or folder. */
    static void trust(KeyRing ring, Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            ring.addFile(path);
        } else if (ring.addFolder(path).isEmpty()) {
            throw new IOException(path + ": no key is in this folder, in a file that ends in .pem or .pub");
        }
    }

    static IOException explained(Path file, IllegalArgumentException unusable) {
        return new IOException(file + ": " + Failure.text(unusable).replace("FILE", file.toString()), unusable);
    }

    /** Writes a new file that only its owner can read, from its first byte on. */
    static void writeSecret(Path file, String text) throws IOException {
        boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] attributes = posix
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
                : new FileAttribute<?>[0];
        create(file, attributes);
        Files.writeString(file, text, StandardOpenOption.TRUNCATE_EXISTING);
    }

    static void writePublic(Path file, String text) throws IOException {
        create(file);
        Files.writeString(file, text, StandardOpenOption.TRUNCATE_EXISTING);
    }

    private static void create(Path file, FileAttribute<?>... attributes) throws IOException {
        try {
            Files.createFile(file, attributes);
        } catch (FileAlreadyExistsException there) {
            throw alreadyThere(file);
        } catch (NoSuchFileException noFolder) {
            throw new IOException(file + ": there is no such folder", noFolder);
        }
    }

    static IOException alreadyThere(Path file) {
        return new IOException(
                file + " is there already, and keys are not written over; choose another name or remove it");
    }

    /** Says how to keep a secret that others can read. */
    static void warnIfOpen(Path file, Io io) throws IOException {
        if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
            Set<PosixFilePermission> open = Files.getPosixFilePermissions(file);
            if (open.contains(PosixFilePermission.GROUP_READ) || open.contains(PosixFilePermission.OTHERS_READ)) {
                io.err().println("scuttlebutt: others can read " + file + "; change that with: chmod 600 " + file);
            }
        }
    }

    /**
     * Returns what the environment says, or what a person at the terminal types, unseen.
     *
     * @throws IOException if there is neither
     */
    static char[] askPassphrase(String question, Io io) throws IOException {
        String given = io.environment().get(PASSPHRASE);
        if (given != null) {
            return given.toCharArray();
        }
        Console console = io.terminal() ? System.console() : null;
        char[] typed = console == null ? null : console.readPassword("%s", question);
        if (typed == null) {
            throw new IOException("a passphrase is needed: set " + PASSPHRASE + ", or use a terminal");
        }
        return typed;
    }

    /** Asks twice, and once more where the answers differ. */
    static char[] askNewPassphrase(Io io) throws IOException {
        char @Nullable [] first = null;
        for (int attempt = 0; attempt < 3; attempt++) {
            first = askPassphrase("New passphrase: ", io);
            if (first.length > 0 && Arrays.equals(first, askPassphrase("The same again: ", io))) {
                return first;
            }
        }
        throw new IOException("the passphrases were empty or not the same");
    }
}
