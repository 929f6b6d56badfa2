package dev.moonboot.admin;

import java.time.Instant;
import java.util.List;

/**
 * What there is to know of the appliance at this moment.
 *
 * @param version of the program
 * @param started when the process began
 * @param trust what images are asked for that no rule names: {@code off}, {@code warn} or {@code
 *     require}
 * @param trustRules the rules of the signature policy in force, a line each; keys by fingerprint
 * @param plainHttp registries that are spoken to without TLS
 * @param troubles what a person should look into, a line each
 */
public record About(
    String version,
    Instant started,
    String trust,
    List<String> trustRules,
    List<String> plainHttp,
    List<String> troubles) {
  public About {
    trustRules = List.copyOf(trustRules);
    plainHttp = List.copyOf(plainHttp);
    troubles = List.copyOf(troubles);
  }
}
