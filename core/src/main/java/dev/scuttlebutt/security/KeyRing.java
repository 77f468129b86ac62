package dev.scuttlebutt.security;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.security.interfaces.RSAKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The public keys of the sources one trusts, by id.
 *
 * <p>Each key is parsed once, when it is added. Keys may be added and removed at any time by any thread, and one ring may
 * serve any number of replicas. What was applied while a key was there stays.
 *
 * <p>When a key is added after updates of its source were refused, peers bring those back when they connect again.
 *
 * <pre>{@code
 * KeyRing ring = KeyRing.create();
 * ring.addFolder(Path.of("trusted"));
 * Model model = new Model(ReplicaOptions.defaults().security(RsaSecurity.of(privateKey, publicKey, ring)));
 * }</pre>
 */
public final class KeyRing {
    /** RSA keys of fewer bits are refused by default. */
    public static final int MINIMUM_BITS = 2048;

    /** RSA keys of fewer bits are refused even where old keys are welcome. The original's own keys have so many. */
    public static final int COMPATIBLE_BITS = 768;

    private static final int MAX_FILE_BYTES = 1 << 17;

    private record Entry(PublicKey key, Set<String> ids) {}

    private final int minimumBits;
    private final Map<String, Entry> entries = new ConcurrentHashMap<>();
    private volatile @Nullable Lookup lookup;

    private KeyRing(int minimumBits) {
        this.minimumBits = minimumBits;
    }

    /** Returns an empty ring that refuses RSA keys of less than {@link #MINIMUM_BITS} bits. */
    public static KeyRing create() {
        return new KeyRing(MINIMUM_BITS);
    }

    /**
     * Returns an empty ring that takes RSA keys from {@link #COMPATIBLE_BITS} bits on, for peers with old keys. Such keys
     * can be broken: whoever invests in it can sign in their owner's name. {@link DocumentSecurity} does not take them.
     */
    public static KeyRing compatibleWithOldKeys() {
        return new KeyRing(COMPATIBLE_BITS);
    }

    /**
     * Adds a public key under the ids that are made from it: for RSA {@link KeyId#ofText}, and for RSA and Ed25519 {@link
     * KeyId#of}. A private RSA key will do too; it is the text of its public key that counts then.
     *
     * @return the first of its ids
     * @throws IllegalArgumentException if it is not usable or too small, with what to do
     */
    public String add(String publicKey) {
        PublicKey key = Pem.publicKey(publicKey);
        checkSize(key);
        String text = publicKey.contains("PRIVATE KEY-----") ? Pem.text(key) : publicKey;
        List<String> ids = new ArrayList<>(2);
        if (key instanceof RSAPublicKey) {
            ids.add(KeyId.ofText(text));
        }
        ids.add(KeyId.of(key));
        put(new Entry(key, Set.copyOf(ids)));
        return ids.get(0);
    }

    /**
     * Adds a public key under an id of one's own choice.
     *
     * @throws IllegalArgumentException if the key is not usable or too small, or the id is one that is made from a key
     *     (see {@link KeyId#of}) and not from this one
     */
    public void add(String id, String publicKey) {
        put(new Entry(read(id, publicKey), Set.of(id)));
    }

    private void put(Entry entry) {
        entry.ids.forEach(id -> entries.put(id, entry));
    }

    private PublicKey read(String id, String text) {
        PublicKey key = Pem.publicKey(text);
        checkSize(key);
        if (Algorithm.ofId(id) != null && !KeyId.of(key).equals(id)) {
            throw new IllegalArgumentException("the key does not belong to the id " + id + " but to " + KeyId.of(key));
        }
        return key;
    }

    /**
     * Adds the public key in a file.
     *
     * @return the first of its ids
     * @throws IOException if the file cannot be read, is too long, or its key is not usable or too small; with the name
     *     of the file and what to do
     */
    public String addFile(Path file) throws IOException {
        String text = readText(file);
        try {
            return add(text);
        } catch (IllegalArgumentException unusable) {
            throw new IOException(
                    file + ": " + String.valueOf(unusable.getMessage()).replace("FILE", file.toString()), unusable);
        }
    }

    /**
     * Adds the keys in the files of a folder whose names end in {@code .pem}, and those {@code .pub} files that hold an
     * Ed25519 key. Other files and folders inside are not looked at.
     *
     * @return the first id of each
     * @throws IOException as {@link #addFile}; the keys in the files before are added then
     */
    public List<String> addFolder(Path folder) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.filter(Files::isRegularFile).sorted().toList();
        }
        List<String> ids = new ArrayList<>();
        for (Path file : files) {
            String name = file.getFileName().toString();
            if (name.endsWith(".pem")
                    || (name.endsWith(".pub") && readText(file).startsWith("ssh-ed25519 "))) {
                ids.add(addFile(file));
            }
        }
        return ids;
    }

    private static String readText(Path file) throws IOException {
        if (Files.size(file) > MAX_FILE_BYTES) {
            throw new IOException(
                    file + ": a key has at most " + MAX_FILE_BYTES + " bytes, this has " + Files.size(file));
        }
        byte[] bytes = Files.readAllBytes(file);
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (text.contains("-----BEGIN ") && !Arrays.equals(bytes, text.getBytes(StandardCharsets.UTF_8))) {
            throw new IOException(file + ": expected text in UTF-8, because an id is made from every character of it");
        }
        return text;
    }

    /**
     * Removes a key, under all its ids. Later updates of its source are not verified any more. A {@link KeySource} that
     * still has it will be asked again.
     *
     * @return whether it was there
     */
    public boolean remove(String id) {
        Lookup source = lookup;
        boolean fetched = source != null && source.forget(id);
        Entry entry = entries.get(id);
        if (entry == null) {
            return fetched;
        }
        entry.ids.forEach(each -> entries.remove(each, entry));
        return true;
    }

    /** Returns the ids of the keys that were added. */
    public Set<String> ids() {
        return new TreeSet<>(entries.keySet());
    }

    /**
     * Returns the key of a source, or null. Never waits: of a {@link KeySource} it knows what was {@link #fetch}ed.
     */
    public @Nullable PublicKey find(String id) {
        Entry entry = entries.get(id);
        if (entry != null) {
            return entry.key;
        }
        Lookup source = lookup;
        return source == null ? null : source.find(id);
    }

    /**
     * Looks elsewhere for keys that were not added. A replica asks on the thread of the link on which updates of the
     * source arrived, and only that link waits. Keys found are kept, up to 10,000; that there is none is remembered for
     * ten seconds.
     *
     * @param patience how long updates of one link wait for answers, before they are refused like those of unknown
     *     sources
     */
    public void lookIn(KeySource source, Duration patience) {
        lookup = new Lookup(source, patience, this::read, System::nanoTime);
    }

    /** Asks the {@link KeySource} for what is not known of these. Waits. */
    void fetch(Collection<String> ids) {
        Lookup source = lookup;
        if (source != null) {
            source.fetch(ids.stream().filter(id -> !entries.containsKey(id)).toList());
        }
    }

    /** Returns what to tell about a source without a key. */
    String whyUnknown(String id) {
        Lookup source = lookup;
        String reason = source == null ? null : source.whyMissing(id);
        return "no key is known for its source" + (reason == null ? "" : ": " + reason);
    }

    /** @throws IllegalArgumentException if it is too small */
    void checkSize(PublicKey key) {
        if (key instanceof RSAKey rsa && rsa.getModulus().bitLength() < minimumBits) {
            throw new IllegalArgumentException("an RSA key needs at least " + minimumBits + " bits, this one has "
                    + rsa.getModulus().bitLength()
                    + (minimumBits == COMPATIBLE_BITS
                            ? ""
                            : "; keys from " + COMPATIBLE_BITS + " bits on can be allowed for the sake of old peers"));
        }
    }
}
