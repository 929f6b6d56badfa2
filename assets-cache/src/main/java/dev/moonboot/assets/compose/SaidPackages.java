package dev.moonboot.assets.compose;

import dev.moonboot.assets.squashfs.SquashfsException;
import dev.moonboot.assets.tree.TreeNode.Content;
import dev.moonboot.json.Json;
import dev.moonboot.json.JsonException;
import dev.moonboot.json.JsonItems;
import java.io.IOException;
import java.io.InputStream;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The packages of an SPDX 2 document that lies in an image, to be put into another document. It is
 * read several times: no more than its identifiers is in memory. What is about its files is left
 * out, and so is whatever refers to them.
 */
final class SaidPackages {
  private static final int MOST_LICENCES = 10_000;
  private static final int LONGEST_ID = 512;
  private static final int LONGEST_REST = 100;
  private static final String REF = "SPDXRef-";
  private static final String LICENCE_REF = "LicenseRef-";
  private static final List<String> LICENCE_FIELDS = List.of("licenseConcluded", "licenseDeclared");
  private static final Pattern LICENCE = Pattern.compile(LICENCE_REF + "([A-Za-z0-9.-]+)");
  private static final Pattern NO_ID = Pattern.compile("[^A-Za-z0-9.-]");

  private final Content content;
  private final String place;
  private final Map<String, Integer> packages = new LinkedHashMap<>();
  private final Map<String, Integer> licences = new LinkedHashMap<>();
  private boolean known;

  private SaidPackages(Content content, String place) {
    this.content = content;
    this.place = place;
  }

  /**
   * Reads one for the first time.
   *
   * @param place what its identifiers begin with, unlike those of any other document
   * @param most packages that it may have
   * @throws ComposeException when it is no SPDX 2 document, or has more; or licences or identifiers
   *     that no tool would write
   * @throws JsonException when it is no JSON
   * @throws SquashfsException when the image that it is in is damaged
   */
  static SaidPackages read(Content content, String place, int most) throws IOException {
    SaidPackages said = new SaidPackages(content, place);
    said.each(
        Set.of("spdxVersion", "packages"),
        (member, value) -> {
          if (member.equals("packages")) {
            SpdxFields.ofPackage(value).ifPresent(each -> said.note(each, most));
          } else {
            said.known = value instanceof Json.Str(var version) && version.startsWith("SPDX-2.");
          }
        });
    if (!said.known) {
      throw new ComposeException("it is no SPDX 2 document");
    }
    return said;
  }

  private void each(Set<String> members, JsonItems.Visitor visitor) throws IOException {
    try (InputStream in = content.open()) {
      JsonItems.read(in, members::contains, visitor);
    }
  }

  private void note(Json.Obj each, int most) {
    String id = text(each, "SPDXID");
    packages.putIfAbsent(id, packages.size());
    for (String name : LICENCE_FIELDS) {
      Matcher found = LICENCE.matcher(each.text(name).orElse(""));
      while (found.find()) {
        licences.putIfAbsent(found.group(1), licences.size());
        check(found.group(1), licences.size(), MOST_LICENCES);
      }
    }
    check(id, packages.size(), most);
  }

  private static void check(String id, int count, int most) {
    if (id.length() > LONGEST_ID || count > most) {
      throw new ComposeException(
          "it has more than " + most + " packages or licences, or long names");
    }
  }

  private static String text(Json.Obj of, String name) {
    return of.text(name).orElseThrow();
  }

  /** How many packages there are. */
  int count() {
    return packages.size();
  }

  /** Their identifiers in the other document, in the order of this one. */
  Iterable<String> ids() {
    return () ->
        packages.entrySet().stream()
            .map(entry -> REF + id(entry.getKey(), entry.getValue()))
            .iterator();
  }

  /** Numbers make it unique, whatever becomes of characters that an identifier cannot have. */
  private String id(String said, int number) {
    String rest = said.startsWith(REF) ? said.substring(REF.length()) : said;
    String plain = NO_ID.matcher(rest).replaceAll("-");
    // no format: some locales have digits of their own
    return place + "-" + number + "-" + plain.substring(0, Math.min(plain.length(), LONGEST_REST));
  }

  /** Adds the packages. */
  void packages(ListedJson out) throws IOException {
    BitSet written = new BitSet();
    each(
        Set.of("packages"),
        (_, value) -> {
          Json.Obj each = SpdxFields.ofPackage(value).orElse(null);
          if (each != null) {
            int number = Objects.requireNonNull(packages.get(text(each, "SPDXID")));
            if (!written.get(number)) {
              written.set(number);
              out.item(ours(each, number));
            }
          }
        });
  }

  private Json ours(Json.Obj said, int number) {
    Map<String, Json> members = new LinkedHashMap<>(said.members());
    members.put("SPDXID", new Json.Str(REF + id(text(said, "SPDXID"), number)));
    members.putIfAbsent("downloadLocation", new Json.Str(SpdxPackage.NOTHING));
    members.put("filesAnalyzed", new Json.Bool(false));
    for (String name : LICENCE_FIELDS) {
      said.text(name).ifPresent(text -> members.put(name, new Json.Str(licence(text))));
    }
    return new Json.Obj(members);
  }

  /** An expression with the names that licences have in the other document. */
  private String licence(String expression) {
    return expression.contains("DocumentRef-")
        ? SpdxPackage.NOTHING // that document is not here
        : LICENCE.matcher(expression).replaceAll(found -> licenceId(found.group(1)));
  }

  private String licenceId(String said) {
    return LICENCE_REF + id(said, Objects.requireNonNull(licences.get(said)));
  }

  /** Adds the licences that its packages have and SPDX's list has not. */
  void licences(ListedJson out) throws IOException {
    BitSet written = new BitSet();
    each(
        Set.of("hasExtractedLicensingInfos"),
        (_, value) -> {
          Json.Obj each = SpdxFields.ofLicence(value).orElse(null);
          Matcher id = LICENCE.matcher(each == null ? "" : text(each, "licenseId"));
          Integer number = id.matches() ? licences.get(id.group(1)) : null;
          if (each != null && number != null && !written.get(number)) {
            written.set(number);
            Map<String, Json> members = new LinkedHashMap<>(each.members());
            members.put("licenseId", new Json.Str(licenceId(id.group(1))));
            out.item(new Json.Obj(members));
          }
        });
  }

  /** Adds how its packages relate to each other. */
  void relationships(ListedJson out) throws IOException {
    each(
        Set.of("relationships"),
        (_, value) -> {
          Json.Obj each = SpdxFields.ofRelationship(value).orElse(null);
          if (each != null) {
            String one = text(each, "spdxElementId");
            String other = text(each, "relatedSpdxElement");
            Integer from = packages.get(one);
            Integer to = packages.get(other);
            if (from != null && to != null) {
              Map<String, Json> members = new LinkedHashMap<>(each.members());
              members.put("spdxElementId", new Json.Str(REF + id(one, from)));
              members.put("relatedSpdxElement", new Json.Str(REF + id(other, to)));
              out.item(new Json.Obj(members));
            }
          }
        });
  }
}
