// dynalite, in the place of DynamoDB: it emulates the interface, and its authors compare it with Amazon's service.
import { once } from "node:events";
import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import dynalite from "dynalite";

export const table = "tokens";

/** The options of a client that connects to dynalite at a port. */
export const optionsAt = (port) => ({
  endpoint: `http://127.0.0.1:${port}`,
  region: "eu-west-1",
  credentials: { accessKeyId: "test", secretAccessKey: "test" },
});

/** dynalite with the table that the documentation makes. */
export async function startDynalite() {
  const server = dynalite({ createTableMs: 0 });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  const client = new DynamoDBClient(optionsAt(port));
  await client.send(
    new CreateTableCommand({
      TableName: table,
      AttributeDefinitions: [{ AttributeName: "key", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "key", KeyType: "HASH" }],
      BillingMode: "PAY_PER_REQUEST",
    }),
  );
  client.destroy();
  return {
    port,
    async stop() {
      server.closeAllConnections?.();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
