package io.outfeed.xlsx;

import io.outfeed.format.Column;
import io.outfeed.format.FileLayout;
import io.outfeed.xlsx.XlsxFormat.HeaderStyle;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The styles of a workbook: how its cells show their values. Immutable. */
final class Styles {

    /** What a cell has. */
    enum Kind {
        INTEGER("0"),
        DECIMAL("General"),
        DATE("yyyy-mm-dd"),
        TIME("hh:mm:ss"),
        TIME_MILLIS("hh:mm:ss.000"),
        TIMESTAMP("yyyy-mm-dd hh:mm:ss"),
        TIMESTAMP_MILLIS("yyyy-mm-dd hh:mm:ss.000");

        private final String code;

        Kind(String code) {
            this.code = code;
        }

        private boolean isNumber() {
            return this == INTEGER || this == DECIMAL;
        }
    }

    /** The format code of texts: what a person types into such a cell stays a text, and is no formula. */
    private static final String TEXT_CODE = "@";

    /** The ids of the format codes that need no definition. */
    private static final Map<String, Integer> KNOWN_CODES = Map.of("General", 0, "0", 1, "0.00", 2, TEXT_CODE, 49);

    private static final int FIRST_OWN_CODE = 164;

    /** The style of the header; before it is that of cells without a style. */
    private static final int HEADER = 1;

    private static final int FIRST_OF_CODES = 2;

    private final HeaderStyle header;

    /** The format codes, each of which has a style. */
    private final List<String> codes = new ArrayList<>();

    private final int text = style(TEXT_CODE);
    private final int integer = style(Kind.INTEGER.code);
    private final List<Map<Kind, Integer>> byColumn = new ArrayList<>();

    Styles(XlsxFormat format, FileLayout layout) {
        this.header = format.headerStyle();
        for (Column column : layout.columns()) {
            Map<Kind, Integer> byKind = new EnumMap<>(Kind.class);
            for (Kind kind : Kind.values()) {
                byKind.put(kind, style(format.numberFormat(column.name()).orElse(code(kind, column))));
            }
            byColumn.add(byKind);
        }
    }

    private static String code(Kind kind, Column column) {
        int scale = column.type().map(type -> type.scale().orElse(0)).orElse(0);
        return kind.isNumber() && scale > 0 ? "0." + "0".repeat(Math.min(scale, 15)) : kind.code;
    }

    private int style(String code) {
        int index = codes.indexOf(code);
        if (index < 0) {
            index = codes.size();
            codes.add(code);
        }
        return FIRST_OF_CODES + index;
    }

    int header() {
        return HEADER;
    }

    int text() {
        return text;
    }

    int integer() {
        return integer;
    }

    int of(int column, Kind kind) {
        return byColumn.get(column).getOrDefault(kind, 0);
    }

    private static int codeId(String code, List<String> own) {
        Integer known = KNOWN_CODES.get(code);
        return known == null ? FIRST_OWN_CODE + own.indexOf(code) : known;
    }

    /** Returns the part of the workbook that has them. */
    String xml() {
        List<String> own =
                codes.stream().filter(code -> !KNOWN_CODES.containsKey(code)).toList();
        StringBuilder xml = new StringBuilder("<styleSheet xmlns=\"" + Workbook.MAIN + "\">");
        if (!own.isEmpty()) {
            xml.append("<numFmts count=\"").append(own.size()).append("\">");
            for (String code : own) {
                xml.append("<numFmt numFmtId=\"").append(codeId(code, own)).append("\" formatCode=\"");
                CellText.append(code, xml);
                xml.append("\"/>");
            }
            xml.append("</numFmts>");
        }
        xml.append("<fonts count=\"2\"><font><sz val=\"11\"/><name val=\"Calibri\"/><family val=\"2\"/></font>")
                .append("<font><b/><sz val=\"11\"/><name val=\"Calibri\"/><family val=\"2\"/></font></fonts>")
                .append("<fills count=\"3\"><fill><patternFill patternType=\"none\"/></fill>")
                .append("<fill><patternFill patternType=\"gray125\"/></fill>")
                .append("<fill><patternFill patternType=\"solid\"><fgColor rgb=\"FFD9E1F2\"/>")
                .append("<bgColor indexed=\"64\"/></patternFill></fill></fills>")
                .append("<borders count=\"1\"><border><left/><right/><top/><bottom/><diagonal/></border></borders>")
                .append("<cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/>")
                .append("</cellStyleXfs><cellXfs count=\"")
                .append(FIRST_OF_CODES + codes.size())
                .append("\">");
        append(0, 0, 0, xml);
        append(codeId(TEXT_CODE, own), header == HeaderStyle.PLAIN ? 0 : 1, header == HeaderStyle.FILLED ? 2 : 0, xml);
        codes.forEach(code -> append(codeId(code, own), 0, 0, xml));
        return xml.append("</cellXfs><cellStyles count=\"1\"><cellStyle name=\"Normal\" xfId=\"0\" builtinId=\"0\"/>")
                .append("</cellStyles></styleSheet>")
                .toString();
    }

    private static void append(int code, int font, int fill, StringBuilder xml) {
        xml.append("<xf numFmtId=\"")
                .append(code)
                .append("\" fontId=\"")
                .append(font)
                .append("\" fillId=\"")
                .append(fill)
                .append("\" borderId=\"0\" xfId=\"0\"")
                .append(code == 0 ? "" : " applyNumberFormat=\"1\"")
                .append(font == 0 ? "" : " applyFont=\"1\"")
                .append(fill == 0 ? "" : " applyFill=\"1\"")
                .append("/>");
    }
}
