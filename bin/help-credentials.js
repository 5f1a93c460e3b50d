// daraja-auth help credentials: where all commands find the credentials and the store.

export const help = `Where daraja-auth finds the consumer key and secret, and which Daraja it asks

Each value is looked for in this order:

  1  the file of --dotenv FILE
  2  the environment
  3  .env in this folder, without --dotenv, and if the environment has no key and no secret; --no-dotenv leaves it out
  4  for key and secret: a question on the terminal, whose answer is not shown

  DARAJA_CONSUMER_KEY     the app's consumer key
  DARAJA_CONSUMER_SECRET  the app's consumer secret
  DARAJA_ENVIRONMENT      sandbox or production (default: sandbox)
  DARAJA_BASE_URL         another Daraja, such as the simulator
  DARAJA_STORE            the store where your servers share their token

MPESA_CONSUMER_KEY, MPESA_CONSUMER_SECRET and MPESA_ENVIRONMENT are read if the same place does not set the DARAJA_ ones.
Credentials are never taken as arguments, since other users of the machine could read them.
DARAJA_BASE_URL wins over a DARAJA_ENVIRONMENT of the same place. --environment and --base-url win over both.
A variable that is set to nothing counts as set.

DARAJA_STORE is one of these:

  redis://… rediss://…         by ioredis or redis, whichever your project has
  postgres://… postgresql://…  by pg or postgres; ?table=NAME for another table
  file:PATH                    a folder; run the command as the user of your servers

The client is taken from the project that you are in, or from its workspace.
doctor says which client and which .env were read.

Examples:

  daraja-auth token --dotenv production.env
  DARAJA_STORE=redis://cache:6379 daraja-auth status
`;
