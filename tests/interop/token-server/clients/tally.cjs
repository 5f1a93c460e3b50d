// Makes CALLS calls, and prints how they ended.
exports.passKey = "bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919";

/** `pay()` gives Daraja's answer. `said(error)` gives the answer in a client's error. */
exports.tally = async (pay, said) => {
  const counts = { accepted: 0, refused: 0, failed: 0 };
  for (let i = 0; i < Number(process.env.CALLS); i++) {
    const answer = await pay().catch((error) => {
      const answer = said(error);
      if (!answer) console.error(error);
      return answer;
    });
    if (answer?.errorCode === "404.001.03") counts.refused += 1;
    else counts[answer?.ResponseCode === "0" ? "accepted" : "failed"] += 1;
  }
  console.log(JSON.stringify(counts));
};
