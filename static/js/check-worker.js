// Compares in a thread of its own, so that the page answers while a long text is compared. It makes no request.
import { Comparison } from "./check-compare.js";

addEventListener("message", async ({ data }) => {
  let told = 0;
  const comparison = new Comparison(data, (share) => {
    if (Date.now() - told < 200) return;
    told = Date.now();
    postMessage({ share });
  });
  try {
    postMessage({ result: await comparison.compare(data.text) });
  } catch (error) {
    postMessage({ fault: String(error) });
  }
});
