// A typical Java client: java.net.http. A variable has Daraja's address, because Java reads no proxy from variables.
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Base64;

public class Client {
  static final HttpClient client = HttpClient.newHttpClient();

  static String ask(HttpRequest.Builder request, String path, String authorization) throws Exception {
    URI uri = URI.create(System.getenv("DARAJA_URL") + path);
    return client.send(request.uri(uri).header("Authorization", authorization).build(), BodyHandlers.ofString()).body();
  }

  public static void main(String[] args) throws Exception {
    String pair = System.getenv("DARAJA_CONSUMER_KEY") + ":" + System.getenv("DARAJA_CONSUMER_SECRET");
    String basic = "Basic " + Base64.getEncoder().encodeToString(pair.getBytes());
    String granted = ask(HttpRequest.newBuilder(), "/oauth/v1/generate?grant_type=client_credentials", basic);
    String token = granted.replaceAll(".*\"access_token\"\\s*:\\s*\"([^\"]*)\".*", "$1");
    int accepted = 0, refused = 0, failed = 0;
    for (int i = 0; i < Integer.parseInt(System.getenv("CALLS")); i++) {
      HttpRequest.Builder request = HttpRequest.newBuilder()
          .header("Content-Type", "application/json")
          .POST(BodyPublishers.ofString("{\"Amount\":1}"));
      String answer = ask(request, "/mpesa/b2b/v1/remittax", "Bearer " + token);
      if (answer.contains("404.001.03")) refused++;
      else if (answer.contains("\"ResponseCode\"")) accepted++;
      else failed++;
    }
    System.out.printf("{\"accepted\":%d,\"refused\":%d,\"failed\":%d}%n", accepted, refused, failed);
  }
}
