package dev.moonboot.admin;

import dev.moonboot.http.Body;
import dev.moonboot.http.Reply;
import java.util.List;

/** Jobs: what runs, what ended, and how far one has come. */
final class JobRoutes implements Resource {
  private static final String ALL = "/admin/v1/jobs";
  private static final String ONE = ALL + "/{job}";

  private final Jobs jobs;
  private final JobStreams streams;

  JobRoutes(Jobs jobs, JobStreams streams) {
    this.jobs = jobs;
    this.streams = streams;
  }

  @Override
  public List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get(ALL, "listJobs", this::list),
        Endpoint.get(ONE, "getJob", this::one).query("wait"),
        Endpoint.get(ONE + "/events", "watchJob", this::events));
  }

  private Reply list(Call call) {
    return Replies.ok(
        new Members().list("jobs", jobs.all().stream().map(Job::json).toList()).json());
  }

  private Reply one(Call call) {
    return Replies.ok(Jobs.await(known(call), call.patience()).json());
  }

  private Reply events(Call call) {
    RunningJob job = known(call);
    if (!call.request().method().equals("GET")) { // HEAD asks for the headers only
      return Reply.of(200, Body.Absent.EMPTY).with("Content-Type", JobStreams.TYPE);
    }
    return streams.open(job);
  }

  private RunningJob known(Call call) {
    String id = call.id("job");
    return jobs.find(id)
        .orElseThrow(() ->
            new ProblemException(
                ProblemKind.NOT_FOUND,
                "no job is called "
                    + id
                    + ": it is long over, or moonboot was started again since; GET "
                    + ALL
                    + " lists those it knows"));
  }
}
