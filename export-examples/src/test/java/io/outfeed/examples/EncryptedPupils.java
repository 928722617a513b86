package io.outfeed.examples;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.delivery.Delivery;
import io.outfeed.field.FieldMark;
import io.outfeed.file.transform.Gzip;
import io.outfeed.pgp.PgpEncryption;
import io.outfeed.pgp.PgpKeySource;
import io.outfeed.source.RecordSource;
import io.outfeed.watermark.Watermark;
import java.nio.file.Path;
import java.time.Instant;

/** Personal data that may travel by mail, since only the school can read it. */
final class EncryptedPupils {

    record Pupil(long id, String name, Instant enrolledAt) {}

    /** Where a host keeps its own keys. */
    interface Vault {

        byte[] privateKey() throws Exception;

        char[] passphrase() throws Exception;
    }

    private EncryptedPupils() {}

    static ExportDefinition<Pupil> definition(RecordSource<Pupil> source) {
        return ExportDefinition.builder("pupils", Pupil.class)
                .source(source)
                .recordKey(Pupil::id)
                .watermark(Watermark.fullSnapshot())
                .fields(f -> f.field("id", Pupil::id).field("name", Pupil::name, FieldMark.SENSITIVE))
                .file(file -> file.name("pupils-{sequence}.csv"))
                .build();
    }

    static ExportJob job(ExportDefinition<Pupil> pupils, Delivery mail, Path lakesideKey, Vault vault) {
        // encryption:begin
        PgpEncryption forLakeside = PgpEncryption.builder()
                .recipient(PgpKeySource.file(lakesideKey)) // one public key or more
                .signWith(PgpKeySource.supplied("our key", vault::privateKey), vault::passphrase)
                .build();
        return ExportJob.builder("pupils-lakeside", pupils)
                .deliverTo(mail)
                .transforms(Gzip.defaults(), forLakeside) // pupils-1.csv is delivered as pupils-1.csv.gz.pgp
                .build();
        // encryption:end
    }
}
