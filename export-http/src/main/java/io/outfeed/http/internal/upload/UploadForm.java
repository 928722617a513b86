package io.outfeed.http.internal.upload;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Map;

/**
 * A form that has the file as one of its fields ({@code multipart/form-data}). Immutable.
 *
 * @param fileField the name of the field that is the file
 * @param fields the other fields, which come first
 */
public record UploadForm(String fileField, Map<String, String> fields) {

    private static final String LINE = "\r\n";

    /** What precedes the bytes of the file. */
    byte[] before(String boundary, String fileName, String contentType) {
        StringBuilder text = new StringBuilder();
        fields.forEach((name, value) -> text.append("--" + boundary + LINE)
                .append("Content-Disposition: form-data; name=\"" + name + "\"" + LINE + LINE)
                .append(value + LINE));
        return text.append("--" + boundary + LINE)
                .append("Content-Disposition: form-data; name=\"" + fileField + "\"; filename=\"" + fileName + "\""
                        + LINE)
                .append("Content-Type: " + contentType + LINE + LINE)
                .toString()
                .getBytes(UTF_8);
    }

    /** What follows the bytes of the file. */
    byte[] after(String boundary) {
        return (LINE + "--" + boundary + "--" + LINE).getBytes(UTF_8);
    }
}
