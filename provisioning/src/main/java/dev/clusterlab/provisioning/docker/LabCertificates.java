package dev.clusterlab.provisioning.docker;

import dev.clusterlab.provisioning.DockerTls;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.LabException.Kind;
import dev.clusterlab.provisioning.PrivateFiles;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A certificate authority of one lab: it alone says which daemons belong to the lab, and who may speak to them. Made when
 * the lab is made. Its key, and the client's, stand in files that only the user can read, so that a lab whose program was
 * killed can be taken up again; they are never logged. Immutable, thread-safe.
 */
public final class LabCertificates {
    private static final Duration VALIDITY = Duration.ofDays(365);
    /** A daemon's clock may be a little behind this computer's, as in a virtual machine that slept. */
    private static final Duration CLOCK_DIFFERENCE = Duration.ofHours(1);

    private static final String CA_CERTIFICATE = "ca.pem";
    private static final String CA_KEY = "ca-key.pem";
    private static final String CLIENT_CERTIFICATE = "cert.pem";
    private static final String CLIENT_KEY = "key.pem";

    private final X509Certificate authority;
    private final PrivateKey authorityKey;
    private final X509Certificate client;
    private final PrivateKey clientKey;
    private final Path folder;
    private final SecureRandom random;

    private LabCertificates(Signed authority, Signed client, Path folder, SecureRandom random) {
        this.authority = authority.certificate();
        this.authorityKey = authority.key();
        this.client = client.certificate();
        this.clientKey = client.key();
        this.folder = folder;
        this.random = random;
    }

    private record Signed(X509Certificate certificate, PrivateKey key) {}

    /** A daemon's certificate and key, and whom it trusts, as text in PEM. */
    public record Server(String authority, String certificate, String key) {
        @Override
        public String toString() {
            return "a daemon's certificate and key";
        }
    }

    /**
     * Makes an authority and a client's certificate, and writes both to {@code folder}.
     *
     * @throws LabException ENVIRONMENT if the folder cannot be written
     */
    public static LabCertificates create(String labId, Path folder, Instant now, SecureRandom random) {
        try {
            KeyPair pair = keyPair(random);
            X500Name name = new X500Name("CN=Cluster Lab " + labId);
            var builder = builder(name, name, pair, now, random);
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign));
            Signed authority = new Signed(sign(builder, pair.getPrivate()), pair.getPrivate());
            Signed client = issue(authority, "client", KeyPurposeId.id_kp_clientAuth, List.of(), now, random);
            PrivateFiles.createFolder(folder);
            PrivateFiles.write(folder.resolve(CA_CERTIFICATE), pem(authority.certificate()));
            PrivateFiles.write(folder.resolve(CA_KEY), pem(authority.key()));
            PrivateFiles.write(folder.resolve(CLIENT_CERTIFICATE), pem(client.certificate()));
            PrivateFiles.write(folder.resolve(CLIENT_KEY), pem(client.key()));
            return new LabCertificates(authority, client, folder, random);
        } catch (IOException e) {
            throw unusable("write", folder, e);
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException("This Java runtime cannot make certificates", e);
        }
    }

    /**
     * Reads what {@link #create} wrote.
     *
     * @throws LabException ENVIRONMENT if a file is missing or damaged
     */
    static LabCertificates read(Path folder, SecureRandom random) {
        try {
            Signed authority = read(folder.resolve(CA_CERTIFICATE), folder.resolve(CA_KEY));
            Signed client = read(folder.resolve(CLIENT_CERTIFICATE), folder.resolve(CLIENT_KEY));
            return new LabCertificates(authority, client, folder, random);
        } catch (IOException | GeneralSecurityException e) {
            throw unusable("read", folder, e);
        }
    }

    private static LabException unusable(String verb, Path folder, Exception cause) {
        return new LabException(
                Kind.ENVIRONMENT,
                "Cannot " + verb + " the lab's certificates in " + folder + ": " + cause.getMessage(),
                "See that the folder is yours and that the disk is not full; CLUSTERLAB_HOME names another folder.",
                cause);
    }

    /** A certificate for the daemon of a machine, valid for its name, its address in the lab, and loopback. */
    public Server server(String machine, String address, Instant now) {
        try {
            var names = new ArrayList<GeneralName>();
            names.add(new GeneralName(GeneralName.dNSName, machine));
            names.add(new GeneralName(GeneralName.dNSName, "localhost"));
            names.add(new GeneralName(GeneralName.iPAddress, "127.0.0.1"));
            names.add(new GeneralName(
                    GeneralName.iPAddress, InetAddress.getByName(address).getHostAddress()));
            Signed signed = issue(
                    new Signed(authority, authorityKey), machine, KeyPurposeId.id_kp_serverAuth, names, now, random);
            return new Server(pem(authority), pem(signed.certificate()), pem(signed.key()));
        } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException("Cannot make a certificate for " + machine, e);
        }
    }

    /** What a client of the lab's daemons needs. */
    public DockerTls tls() {
        try {
            return new DockerTls(context(authority, client, clientKey), folder);
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("This Java runtime cannot use the lab's certificates", e);
        }
    }

    private static SSLContext context(X509Certificate authority, X509Certificate certificate, PrivateKey key)
            throws GeneralSecurityException, IOException {
        char[] inMemoryOnly = new char[0];
        KeyStore keys = KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        keys.setKeyEntry("client", key, inMemoryOnly, new X509Certificate[] {certificate, authority});
        var keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keyManagers.init(keys, inMemoryOnly);
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("authority", authority);
        var trustManagers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trustManagers.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keyManagers.getKeyManagers(), trustManagers.getTrustManagers(), null);
        return context;
    }

    private static Signed issue(
            Signed authority,
            String subject,
            KeyPurposeId purpose,
            List<GeneralName> names,
            Instant now,
            SecureRandom random)
            throws GeneralSecurityException, OperatorCreationException, CertIOException {
        KeyPair pair = keyPair(random);
        var issuer = X500Name.getInstance(
                authority.certificate().getSubjectX500Principal().getEncoded());
        var builder = builder(issuer, new X500Name("CN=" + subject), pair, now, random);
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
        builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose));
        if (!names.isEmpty()) {
            builder.addExtension(
                    Extension.subjectAlternativeName, false, new GeneralNames(names.toArray(GeneralName[]::new)));
        }
        return new Signed(sign(builder, authority.key()), pair.getPrivate());
    }

    private static JcaX509v3CertificateBuilder builder(
            X500Name issuer, X500Name subject, KeyPair pair, Instant now, SecureRandom random) {
        return new JcaX509v3CertificateBuilder(
                issuer,
                new BigInteger(120, random).add(BigInteger.ONE),
                Date.from(now.minus(CLOCK_DIFFERENCE)),
                Date.from(now.plus(VALIDITY)),
                subject,
                pair.getPublic());
    }

    private static X509Certificate sign(JcaX509v3CertificateBuilder builder, PrivateKey key)
            throws OperatorCreationException, GeneralSecurityException {
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key)));
    }

    private static KeyPair keyPair(SecureRandom random) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"), random);
        return generator.generateKeyPair();
    }

    private static String pem(X509Certificate certificate) throws IOException {
        return written(certificate);
    }

    private static String pem(PrivateKey key) throws IOException {
        return written(new JcaPKCS8Generator(key, null).generate());
    }

    private static String written(Object content) throws IOException {
        var text = new StringWriter();
        try (var writer = new JcaPEMWriter(text)) {
            writer.writeObject(content);
        }
        return text.toString();
    }

    private static Signed read(Path certificate, Path key) throws IOException, GeneralSecurityException {
        try (var certificates = new PEMParser(new StringReader(Files.readString(certificate)));
                var keys = new PEMParser(new StringReader(Files.readString(key)))) {
            if (certificates.readObject() instanceof X509CertificateHolder holder
                    && keys.readObject() instanceof PrivateKeyInfo info) {
                return new Signed(
                        new JcaX509CertificateConverter().getCertificate(holder),
                        new JcaPEMKeyConverter().getPrivateKey(info));
            }
            throw new IOException(certificate + " or " + key + " is not in PEM");
        }
    }
}
